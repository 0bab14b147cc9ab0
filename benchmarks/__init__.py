"""Every measured claim, with the peer beside it in the same run."""

"""The commands of `caseledger`, one file each."""

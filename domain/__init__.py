"""What a case is: event types, folds, the working-day calendar. No clock, no id, no I/O inside."""

"""Child processes: started, fed, restarted; and the bytes they exchange."""

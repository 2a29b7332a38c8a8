"""What teachers do with alerts and incidents: they claim them, judge them, and mute kinds that are mostly wrong."""

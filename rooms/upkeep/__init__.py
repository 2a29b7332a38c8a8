"""What happens without anybody asking: start-up, load, storage, retention, forgetting."""

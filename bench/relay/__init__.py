"""What one relayed picture costs the server, against others."""

"""What people are told outside the page: whom something concerns, when they wish to hear of it, and by which way."""

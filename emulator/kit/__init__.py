"""What a service is made of: its context, its place in the directory, its work, its deliveries."""

"""What is filed with the carriers before they let a business text: brand and campaign, toll-free verification."""

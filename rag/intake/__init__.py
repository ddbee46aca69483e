"""What comes into the archive and goes out of it while Khabar runs: files received, articles taken out and put back."""

"""Where a file comes from: file, quantiser, end model, base models; each link with what says so."""

"""The files that carry Hearth to other machines: lock files, image, proxies, units, commands."""

"""Where students on other machines find this server."""

import socket
from ipaddress import ip_address

import psutil
import segno


def lan_addresses() -> list[str]:
    """Return this machine's IPv4 addresses on its local networks, loopback and link-local left out."""
    found = (address.address for nic in psutil.net_if_addrs().values() for address in nic if address.family == 2)
    return sorted({a for a in found if not (ip_address(a).is_loopback or ip_address(a).is_link_local)})


def host_names() -> list[str]:
    """Return the names under which this machine may be reached."""
    return sorted({"localhost", socket.gethostname(), f"{socket.gethostname().split('.')[0]}.local"})


def announcement(host: str, port: int, tls: bool) -> str:
    """Return what the terminal says once the server listens: what to open here and from other machines."""
    scheme = "https" if tls else "http"
    shown = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host  # noqa: S104 - compared, not bound
    lines = [f"Examonitor is ready: {scheme}://{shown}:{port}"]
    if host not in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return lines[0]
    addresses = [f"{scheme}://{address}:{port}" for address in lan_addresses()]
    lines += [f"  on the local network: {address}" for address in addresses]
    if not tls:
        lines.append("  Browsers give the camera to HTTPS pages only: start with --tls for other machines.")
    elif addresses:
        lines.append(qr_of(addresses[0]))
    return "\n".join(lines)


def qr_of(address: str) -> str:
    """Return an address as a QR code of block characters, light on dark, for a terminal."""
    rows = [[bool(cell) for cell in row] for row in segno.make(address, micro=False).matrix_iter(border=2)]
    if len(rows) % 2:
        rows.append([False] * len(rows[0]))
    blocks = {(True, True): " ", (True, False): "▄", (False, True): "▀", (False, False): "█"}
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return "\n".join("".join(blocks[cells] for cells in zip(top, low, strict=True)) for top, low in pairs)

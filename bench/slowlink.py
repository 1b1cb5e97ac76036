"""slowlink.py: run a command at the far end of a slow mobile link (root only).

  slowlink.py --rtt 400 --kbit 400 --ports 8001,8002 -- pageweight.py a=http://127.0.0.1:8001/ b=http://127.0.0.1:8002/
  slowlink.py --ports 8001 -- curl -so /dev/null -w '%{time_total}\\n' http://127.0.0.1:8001/

The command runs in a network namespace of its own and sees the listed ports
of this machine's loopback as its own loopback. In between lies a real TCP
connection over a pair of tun devices whose packets are delayed and metered
here, so the handshake, slow start (10 packets first) and queueing are the
kernel's own. That is what Chromium's request throttling leaves out. There is
no TLS: for an https site add one round trip a connection. Nothing outside the
machine can be reached from inside, and only the listed ports.
Cubic is the sender's congestion control; connections remember nothing of
earlier ones. --queue is the bottleneck's buffer, dropping what comes above it.
Needs /dev/net/tun and iproute2.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import ctypes
import fcntl
import os
import queue
import socket
import struct
import subprocess
import sys
import threading

TUNSETIFF, IFF_TUN, IFF_NO_PI, CLONE_NEWNET = 0x400454CA, 0x0001, 0x1000, 0x40000000
SERVER, PHONE = "10.200.0.1", "10.200.0.2"
libc = ctypes.CDLL(None, use_errno=True)


class Namespace:
    """A network namespace, with a thread living in it that opens sockets there."""

    def __init__(self, name: str, address: str) -> None:
        self.name = name
        sh("ip", "netns", "add", name)
        self.jobs: queue.Queue = queue.Queue()
        threading.Thread(target=self.live, daemon=True).start()
        self.tun = self.call(self.open_tun)
        for args in (
            ("link", "set", "lo", "up"),
            ("addr", "add", f"{address}/24", "dev", "slow0"),
            ("link", "set", "slow0", "mtu", "1500", "txqueuelen", "1000", "up"),
        ):
            sh("ip", "-n", name, *args)
        for key, value in (("tcp_congestion_control", "cubic"), ("tcp_no_metrics_save", "1")):
            with contextlib.suppress(subprocess.CalledProcessError):
                sh("ip", "netns", "exec", name, "sh", "-c", f"echo {value} > /proc/sys/net/ipv4/{key}")

    def live(self) -> None:
        fd = os.open(f"/run/netns/{self.name}", os.O_RDONLY)
        if libc.setns(fd, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")
        os.close(fd)
        while True:
            work, answer = self.jobs.get()
            try:
                answer.put((work(), None))
            except BaseException as e:
                answer.put((None, e))

    def call(self, work):
        answer: queue.Queue = queue.Queue()
        self.jobs.put((work, answer))
        value, error = answer.get()
        if error:
            raise error
        return value

    def open_tun(self) -> int:
        fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH", b"slow0", IFF_TUN | IFF_NO_PI))
        return fd

    def socket(self) -> socket.socket:
        s = self.call(lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM))
        s.setblocking(False)
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return s

    def listen(self, address: str, port: int) -> socket.socket:
        s = self.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind((address, port))
        s.listen(128)
        return s


class Wire:
    """One direction of the link: packets leave one after another at the rate, and arrive half a round trip later."""

    def __init__(self, loop, source: int, sink: int, kbit: float, delay: float, limit: int) -> None:
        self.loop, self.source, self.sink = loop, source, sink
        self.per_byte, self.delay, self.limit = 8 / (kbit * 1000), delay, limit
        self.free_at, self.queued, self.packets, self.bytes, self.dropped = 0.0, 0, 0, 0, 0
        loop.add_reader(source, self.read)

    def read(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while True:
                packet = os.read(self.source, 65536)
                if packet[0] >> 4 != 4:  # IPv6 neighbour chatter
                    continue
                if self.queued + len(packet) > self.limit:
                    self.dropped += 1
                    continue
                now = self.loop.time()
                self.free_at = max(self.free_at, now) + len(packet) * self.per_byte
                self.queued += len(packet)
                self.packets += 1
                self.bytes += len(packet)
                self.loop.call_at(self.free_at, self.left, len(packet))
                self.loop.call_at(self.free_at + self.delay, self.deliver, packet)

    def left(self, size: int) -> None:
        self.queued -= size

    def deliver(self, packet: bytes) -> None:
        with contextlib.suppress(OSError):
            os.write(self.sink, packet)


def sh(*args: str) -> None:
    subprocess.run(args, check=True, capture_output=True)


async def pump(loop, a: socket.socket, b: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := await loop.sock_recv(a, 16384):
            await loop.sock_sendall(b, data)
    with contextlib.suppress(OSError):
        b.shutdown(socket.SHUT_WR)


async def serve(loop, listener: socket.socket, dial, where) -> None:
    """Join every connection that listener takes to a new one that dial opens."""

    async def join(conn: socket.socket) -> None:
        conn.setblocking(False)
        conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        out = dial()
        try:
            await loop.sock_connect(out, where)
            await asyncio.gather(pump(loop, conn, out), pump(loop, out, conn))
        except OSError:
            pass
        finally:
            conn.close()
            out.close()

    tasks = set()
    while True:
        conn, _ = await loop.sock_accept(listener)
        task = asyncio.create_task(join(conn))
        tasks.add(task)
        task.add_done_callback(tasks.discard)


def here() -> socket.socket:
    s = socket.socket()
    s.setblocking(False)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return s


async def main(args) -> int:
    loop = asyncio.get_running_loop()
    names = [f"slow-{end}-{os.getpid()}" for end in ("server", "phone")]
    try:
        server, phone = Namespace(names[0], SERVER), Namespace(names[1], PHONE)
        down = Wire(loop, server.tun, phone.tun, args.kbit, args.rtt / 2000, args.queue)
        up = Wire(loop, phone.tun, server.tun, args.up or args.kbit, args.rtt / 2000, args.queue)
        tasks = []
        for port in args.ports:
            tasks += [
                asyncio.create_task(serve(loop, server.listen(SERVER, port), here, ("127.0.0.1", port))),
                asyncio.create_task(serve(loop, phone.listen("127.0.0.1", port), phone.socket, (SERVER, port))),
            ]
        child = await asyncio.create_subprocess_exec("ip", "netns", "exec", names[1], *args.command)
        code = await child.wait()
        for t in tasks:
            t.cancel()
        if args.verbose:
            print(
                f"slowlink: {args.rtt:g} ms, {args.kbit:g} kbit/s; "
                f"down {down.bytes} B in {down.packets} packets ({down.dropped} dropped), "
                f"up {up.bytes} B in {up.packets} ({up.dropped} dropped)",
                file=sys.stderr,
            )
        return code
    finally:
        for name in names:
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)  # noqa: ASYNC221 - the end


if __name__ == "__main__":
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--rtt", type=float, default=400, help="ms, there and back")
    p.add_argument("--kbit", type=float, default=400, help="kbit/s down (and up, without --up)")
    p.add_argument("--up", type=float, help="kbit/s up")
    p.add_argument("--queue", type=int, default=128 * 1024, help="bytes the bottleneck holds in each direction")
    p.add_argument("--ports", type=lambda s: [int(x) for x in s.split(",")], required=True)
    p.add_argument("-v", "--verbose", action="store_true")
    p.add_argument("command", nargs=argparse.REMAINDER)
    a = p.parse_args()
    a.command = a.command[1:] if a.command[:1] == ["--"] else a.command
    sys.exit(asyncio.run(main(a)))

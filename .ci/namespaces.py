"""Two network namespaces on one machine, as two machines with a network of a given delay, loss and rate between them."""
import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import threading
import time


class Wire(threading.Thread):
    """Two network devices and what goes between them, later, slower, or not at all: for kernels without netem."""

    def __init__(self, delay, loss, rate):
        super().__init__(daemon=True)
        self.delay, self.loss, self.rate, self.is_open = delay, loss, rate, True
        self.ends = []
        for name in ("va", "vb"):
            end = os.open("/dev/net/tun", os.O_RDWR)
            # TUNSETIFF with IFF_TUN | IFF_NO_PI: packets as they are.
            fcntl.ioctl(end, 0x400454CA, struct.pack("16sH", name.encode(), 0x1001))
            self.ends.append(end)

    def run(self):
        waiting, free, number, dice = [], {end: 0.0 for end in self.ends}, 0, random.Random(1)
        while self.is_open:
            now = time.monotonic()
            while waiting and waiting[0][0] <= now:
                _, _, end, packet = heapq.heappop(waiting)
                try:
                    os.write(end, packet)
                except OSError:
                    # That end is not up yet.
                    pass
            pause = min(0.05, waiting[0][0] - now) if waiting else 0.05
            for end in select.select(self.ends, [], [], max(0, pause))[0]:
                packet = os.read(end, 65536)
                if dice.random() < self.loss:
                    continue
                other = self.ends[1 - self.ends.index(end)]
                now = time.monotonic()
                free[end] = max(now, free[end]) + len(packet) / self.rate
                number += 1
                heapq.heappush(waiting, (free[end] + self.delay, number, other, packet))

    def close(self):
        self.is_open = False
        self.join()
        for end in self.ends:
            os.close(end)


class Namespaces:
    """Two network namespaces with a wire between them, and how mpirun reaches the second.

    Delay in seconds, loss as a share, rate in bytes a second; a rate alone is kept by the kernel's token bucket, which
    does not cost the processors that a wire of this program's own does.
    """

    def __init__(self, delay, loss, rate):
        self.names = [f"fewshot{os.getpid()}{end}" for end in "ab"]
        self.delay, self.loss, self.rate, self.wire = delay, loss, rate, None

    def do(self, *steps):
        for step in steps:
            subprocess.run(step.split(), check=True, capture_output=True, text=True)

    def __enter__(self):
        a, b = self.names
        self.do(f"ip netns add {a}", f"ip netns add {b}")
        sides = ((a, "va", "10.77.0.1"), (b, "vb", "10.77.0.2"))
        try:
            if self.delay or self.loss:
                limit = f"netem delay {1000 * self.delay}ms loss {100 * self.loss}% rate {8 * self.rate:.0f}bit"
            else:
                # A millisecond's bytes at once, or a packet of the largest size.
                limit = f"tbf rate {8 * self.rate:.0f}bit burst {max(2**17, self.rate / 1000):.0f} latency 50ms"
            self.do(f"ip link add va netns {a} type veth peer name vb netns {b}",
                    *(f"ip netns exec {name} tc qdisc add dev {device} root {limit}" for name, device, _ in sides))
            self.how = f"tc {limit.split()[0]}"
        except subprocess.CalledProcessError:
            subprocess.run(["ip", "-n", a, "link", "del", "va"], capture_output=True)
            self.wire = Wire(self.delay, self.loss, self.rate)
            self.do(*(f"ip link set {device} netns {name}" for name, device, _ in sides))
            self.wire.start()
            self.how = "a wire of its own, since the kernel has no netem"
        for name, device, address in sides:
            other = "10.77.0.2" if device == "va" else "10.77.0.1"
            peer = f" peer {other}" if self.wire else ""
            self.do(f"ip -n {name} addr add {address}{peer}{'' if self.wire else '/24'} dev {device}",
                    f"ip -n {name} link set lo up", f"ip -n {name} link set {device} up")
        with open("agent", "w") as file:
            file.write(f"#!/bin/sh\nshift\nexec ip netns exec {b} unshare --uts sh -c \"hostname second; $*\"\n")
        os.chmod("agent", 0o755)
        return self

    def __exit__(self, *_):
        if self.wire:
            self.wire.close()
        for name in self.names:
            subprocess.run(["ip", "netns", "del", name], capture_output=True)

    def command(self, mpirun, arguments):
        """The command that starts two processes, one on each side, `mpirun` being that of one machine."""
        return ["ip", "netns", "exec", self.names[0], "unshare", "--uts", "sh", "-c", 'hostname first; exec "$@"', "sh",
                *mpirun, "--mca", "plm_rsh_agent", os.path.abspath("agent"), "--mca", "btl", "tcp,self",
                "--mca", "btl_tcp_if_include", "10.77.0.0/24", "--mca", "oob_tcp_if_include", "10.77.0.0/24",
                "--host", "10.77.0.1:1,10.77.0.2:1", "--wdir", os.getcwd(), "-n", "2", *arguments]

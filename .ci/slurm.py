"""A Slurm of its own on this machine: munge, the controller and two nodes, of Debian's packages.

The second node has a name and a boot of its own (namespaces of `unshare`), so to a program it is another machine.
"""
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

PACKAGES = "slurmctld slurmd slurm-client slurm-wlm-basic-plugins munge"


def obstacle():
    """Why there can be none; nothing where there can."""
    missing = [t for t in ("slurmctld", "slurmd", "sbatch", "munged", "unshare") if not shutil.which(t)]
    if missing:
        return f"there is no {', '.join(missing)}; install {PACKAGES}"
    return "only root may start its nodes" if os.geteuid() != 0 else ""


def ask(*words):
    return subprocess.run(words, check=True, text=True, capture_output=True).stdout


def wait(what, is_so, seconds):
    limit = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > limit:
            sys.exit(f"slurm: not within {seconds} s: {what}")
        time.sleep(0.5)


def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Slurm:
    """Between `with` and its end there is a cluster, to which this process's `sbatch` and `srun` speak.

    Jobs of the partition `urgent` take processors from those of `main`, which get TERM, 60 seconds, and another turn.
    """

    def __init__(self, folder, processors):
        self.folder, self.processors, self.started, self.nodes = folder, processors, [], {}

    def start(self, name, *words):
        with open(f"{self.folder}/log/{name}", "w") as log:
            process = subprocess.Popen(words, cwd=self.folder, stdout=log, stderr=log)
        self.started.append(process)
        return process

    def __enter__(self):
        # Ended from outside, it still ends what it started.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        try:
            self.begin()
        except BaseException:
            self.__exit__()
            raise
        return self

    def begin(self):
        here, host = self.folder, socket.gethostname()
        for folder in ("munge", "state", "log", "spool/node1", "spool/node2", "tmp/node1", "tmp/node2"):
            os.makedirs(f"{here}/{folder}")
        os.chmod(f"{here}/munge", 0o700)
        with open(f"{here}/munge/key", "wb", opener=lambda path, flags: os.open(path, flags, 0o400)) as key:
            key.write(os.urandom(1024))
        self.start("munge", "munged", "--foreground", "--force", f"--key-file={here}/munge/key",
                   f"--socket={here}/munge/socket", f"--pid-file={here}/munge/pid", f"--seed-file={here}/munge/seed")
        nodes = "".join(f"NodeName={name} NodeHostname={host} NodeAddr=127.0.0.1 Port={port()} CPUs={self.processors} "
                        "RealMemory=4000\n" for name in ("node1", "node2"))
        with open(f"{here}/slurm.conf", "w") as file:
            file.write(f"""ClusterName=fewshot
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port()}
AuthType=auth/munge
AuthInfo=socket={here}/munge/socket
SlurmUser=root
SlurmdUser=root
StateSaveLocation={here}/state
SlurmdSpoolDir={here}/spool/%n
TmpFS={here}/tmp/%n
SlurmctldPidFile={here}/slurmctld.pid
SlurmdPidFile={here}/slurmd-%n.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
JobAcctGatherType=jobacct_gather/none
ReturnToService=2
SlurmdTimeout=15
KillWait=20
SchedulerParameters=sched_interval=5,bf_interval=5
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
{nodes}PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP PriorityTier=1 PreemptMode=REQUEUE GraceTime=60
PartitionName=urgent Nodes=ALL MaxTime=INFINITE State=UP PriorityTier=2 PreemptMode=OFF
""")
        os.environ["SLURM_CONF"] = f"{here}/slurm.conf"
        wait("munge answers", lambda: os.path.exists(f"{here}/munge/socket"), 30)
        self.start("slurmctld", "slurmctld", "-D", "-c")
        for name in ("node1", "node2"):
            apart = []
            if name == "node2":
                with open(f"{here}/boot", "w") as file:
                    file.write("22222222-2222-4222-8222-222222222222\n")
                apart = ["unshare", "--mount", "--uts", "sh", "-c",
                         f"hostname node2; mount --bind {here}/boot /proc/sys/kernel/random/boot_id; exec \"$@\"", "sh"]
            self.nodes[name] = self.start(name, *apart, "slurmd", "-D", "-N", name, "-c")
        wait("both nodes are idle", lambda: ask("sinfo", "-h", "-p", "main", "-o", "%D %t").strip() == "2 idle", 60)

    def __exit__(self, *_):
        """Ends all that was started, the jobs first."""
        subprocess.run(["scancel", "--user=root"], capture_output=True)
        limit = time.monotonic() + 60
        while time.monotonic() < limit:
            left = subprocess.run(["squeue", "-h"], text=True, capture_output=True)
            if left.returncode or not left.stdout.strip():
                break
            time.sleep(1)
        subprocess.run(["scontrol", "shutdown"], capture_output=True)
        for process in reversed(self.started):
            process.terminate()
        for process in self.started:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()

    def stop(self, name):
        """Kills the second node and all that runs on it, as a power cut would."""
        node = self.nodes[name]
        own = os.readlink(f"/proc/{node.pid}/ns/uts")
        for entry in filter(str.isdigit, os.listdir("/proc")):
            try:
                if os.readlink(f"/proc/{entry}/ns/uts") == own:
                    os.kill(int(entry), signal.SIGKILL)
            except OSError:
                # Gone, or a thread of the kernel.
                pass
        node.wait()

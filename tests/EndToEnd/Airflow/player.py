"""Plays a DAG file as Airflow would: a small part of Airflow, made here, with its order, concurrency, retries and cross-communication.

    player.py DAG STATE schedule              makes the scheduled runs, and runs all there is to run
    player.py DAG STATE clear '[{"date": "2024-01-03", "past": false, "future": true}]'
                                              clears the first task with all downstream, and runs all there is to run

STATE is a JSON file, which holds what is known between calls. Ends with 1 if a run failed; what ran is in STATE.
"""

import json
import os
import re
import subprocess
import sys
import threading
import time
import types
from datetime import datetime, timedelta, timezone

CURRENT = []


class Task:
    """Any operator."""

    def __init__(self, task_id, **arguments):
        self.task_id = task_id
        self.dag = CURRENT[-1]
        self.arguments = {**self.dag.default_args, **arguments}
        self.dag.tasks[task_id] = self
        self.downstream = []

    def __rshift__(self, other):
        self.downstream.append(other)
        return other

    @property
    def output(self):
        return self


class PythonOperator(Task):
    def execute(self, context):
        return self.arguments["python_callable"](**context)


class PythonSensor(Task):
    def execute(self, context):
        deadline = time.monotonic() + 60
        while not self.arguments["python_callable"](**context):
            assert time.monotonic() < deadline, "the sensor found nothing"
            time.sleep(0.2)


class BashOperator(Task):
    def execute(self, context):
        def render(text):
            return re.sub(r"\{\{(.*?)\}\}", lambda found: str(eval(found[1].strip(), {}, dict(context))), text)

        env = {name: render(text) for name, text in self.arguments.get("env", {}).items()}
        done = subprocess.run(["bash", "-c", render(self.arguments["bash_command"])], env={"PATH": os.environ["PATH"], **env}, capture_output=True, text=True, check=True)
        PLAY.note(done.stdout.strip())
        return done.stdout.strip()


class TriggerDagRunOperator(Task):
    @classmethod
    def partial(cls, **arguments):
        return types.SimpleNamespace(expand_kwargs=lambda source: cls(source=source, **arguments))

    def execute(self, context):
        kwargs = context["ti"].xcom_pull(task_ids=self.arguments["source"].task_id)
        for one in kwargs:
            PLAY.trigger(**one)
        return None if kwargs else SKIPPED


class DAG:
    def __init__(self, dag_id, start_date, end_date, max_active_runs, default_args, **arguments):
        self.dag_id, self.start, self.end = dag_id, start_date, end_date
        self.max_active_runs, self.default_args, self.arguments = max_active_runs, default_args, arguments
        self.tasks = {}

    def __enter__(self):
        CURRENT.append(self)
        return self

    def __exit__(self, *_):
        CURRENT.pop()

    def in_order(self):
        followed = {d.task_id for t in self.tasks.values() for d in t.downstream}
        task = next(t for t in self.tasks.values() if t.task_id not in followed)
        while task:
            yield task
            task = task.downstream[0] if task.downstream else None


SKIPPED = object()


class TaskInstance:
    def __init__(self, play, run, task_id, try_number):
        self.task_id, self.try_number, self._play, self._run = task_id, try_number, play, run

    def xcom_pull(self, task_ids):
        return self._run["xcom"][task_ids]


class Play:
    """All runs of a DAG. A run is {"id", "date", "conf", "scheduled", "tasks": {id: {"state", "try"}}, "xcom"}."""

    def __init__(self, dag, path):
        self.dag, self.path = dag, path
        self.state = json.load(open(path)) if os.path.exists(path) else {"runs": [], "works": []}
        self.changed = threading.Condition()
        self.threads = []
        self.slots = threading.Semaphore(dag.max_active_runs)

    def note(self, line):
        with self.changed:
            self.state["works"].append(line)

    def trigger(self, trigger_run_id, conf):
        with self.changed:
            assert all(r["id"] != trigger_run_id for r in self.state["runs"]), f"{trigger_run_id} exists already"
            self.add(trigger_run_id, datetime.now(timezone.utc), conf, scheduled=False)

    def add(self, run_id, date, conf, scheduled):
        run = {"id": run_id, "date": date.isoformat(), "conf": conf, "scheduled": scheduled, "xcom": {}}
        run["tasks"] = {t.task_id: {"state": None, "try": 0} for t in self.dag.in_order()}
        self.state["runs"].append(run)
        self.start(run)

    def start(self, run):
        self.threads.append(threading.Thread(target=self.run, args=(run,)))
        self.threads[-1].start()

    def schedule(self):
        date = self.dag.start.replace(tzinfo=timezone.utc)
        while date <= self.dag.end.replace(tzinfo=timezone.utc):
            with self.changed:
                self.add(f"scheduled__{date.isoformat()}", date, {}, scheduled=True)
            date += timedelta(days=1)

    def clear(self, cleared):
        runs = [r for r in self.state["runs"] if r["scheduled"] and any(self.selects(c, r["date"][:10]) for c in cleared)]
        for run in runs:
            for task in run["tasks"].values():
                task["state"] = None
        for run in runs:
            self.start(run)
        return sum(len(r["tasks"]) for r in runs)

    @staticmethod
    def selects(cleared, date):
        return date == cleared["date"] or (cleared.get("past") and date < cleared["date"]) or (cleared.get("future") and date > cleared["date"])

    def run(self, run):
        with self.slots:
            for task in self.dag.in_order():
                if not self.run_task(run, task):
                    return

    def run_task(self, run, task):
        if task.arguments.get("depends_on_past"):
            with self.changed:
                assert self.changed.wait_for(lambda: self.past_is_done(run, task), 120), f"{run['id']} waits for ever for the past of {task.task_id}"
        known = run["tasks"][task.task_id]
        for left in range(task.arguments.get("retries", 0), -1, -1):
            known["try"] += 1
            try:
                value = task.execute(self.context(run, task, known["try"]))
                with self.changed:
                    run["xcom"][task.task_id] = None if value is SKIPPED else json.loads(json.dumps(value))
                    known["state"] = "skipped" if value is SKIPPED else "success"
                    self.changed.notify_all()
                return True
            except Exception as fault:
                print(f"{run['id']} {task.task_id} try {known['try']}: {fault}", file=sys.stderr)
                known["state"] = "up_for_retry" if left else "failed"
                time.sleep(0.5)
        return False

    def past_is_done(self, run, task):
        """With catchup, the run that the schedule made last before this one decides, for triggered runs too."""
        before = [r for r in self.state["runs"] if r["scheduled"] and r["date"] < run["date"]]
        return not before or max(before, key=lambda r: r["date"])["tasks"][task.task_id]["state"] in ("success", "skipped")

    def context(self, run, task, number):
        date = datetime.fromisoformat(run["date"])
        return {
            "ti": TaskInstance(self, run, task.task_id, number),
            "dag_run": types.SimpleNamespace(run_id=run["id"], conf=run["conf"], logical_date=date),
            "ds": date.strftime("%Y-%m-%d"),
        }

    def end(self):
        while self.threads:
            self.threads.pop(0).join()
        json.dump(self.state, open(self.path, "w"), indent=1)
        return all(t["state"] in ("success", "skipped") for r in self.state["runs"] for t in r["tasks"].values())


def install():
    """What the DAG file imports."""
    modules = {
        "airflow": {"DAG": DAG},
        "airflow.operators": {},
        "airflow.operators.bash": {"BashOperator": BashOperator},
        "airflow.operators.python": {"PythonOperator": PythonOperator},
        "airflow.operators.trigger_dagrun": {"TriggerDagRunOperator": TriggerDagRunOperator},
        "airflow.sensors": {},
        "airflow.sensors.python": {"PythonSensor": PythonSensor},
    }
    for name, content in modules.items():
        module = types.ModuleType(name)
        module.__dict__.update(content)
        sys.modules[name] = module


if __name__ == "__main__":
    install()
    source = {"__name__": "dag_file"}
    exec(compile(open(sys.argv[1]).read(), sys.argv[1], "exec"), source)
    PLAY = Play(source["dag"], sys.argv[2])
    affected = PLAY.clear(json.loads(sys.argv[4])) if sys.argv[3] == "clear" else PLAY.schedule()
    ended_well = PLAY.end()
    print(json.dumps({"affected": affected, **PLAY.state}))
    sys.exit(0 if ended_well else 1)

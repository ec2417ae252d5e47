"""The seed's DAG with its Airflow, and without its Spark jobs for state and its limits on threads.

Which partition a run has, which versions it reads, what is late and who backfills it: Latecomer decides, by three calls over HTTP. Airflow keeps what is
Airflow's: the schedule, the order of dates, retries, the grid. Tasks have the ids that they had.

Before the first run: latecomer pipelines apply examples/airflow/devices_loader.yaml

Where it calls is LATECOMER_SERVER. Nodes that listen for other machines ask for a token: LATECOMER_TOKEN is that of an operator
(latecomer tokens create airflow --role operator).
"""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.request
from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator
from airflow.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sensors.python import PythonSensor

SERVER = os.environ.get("LATECOMER_SERVER", "http://127.0.0.1:7080")
TOKEN = os.environ.get("LATECOMER_TOKEN", "")
PIPELINE = "devices_loader"


def call(method: str, request: dict) -> dict:
    """Calls Latecomer. A connection that breaks is tried again under the same request id, which is applied once; a refusal fails the task, and Airflow's own
    retry asks again, as another try."""
    headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {TOKEN}"} if TOKEN else {})
    http = urllib.request.Request(f"{SERVER}/latecomer.v1.{method}", json.dumps({"pipeline": PIPELINE, **request}).encode(), headers)
    for attempt in range(5):
        try:
            with urllib.request.urlopen(http, timeout=60) as response:
                return json.load(response)
        except urllib.error.HTTPError as refused:
            raise RuntimeError(f"{method}: {json.load(refused).get('message')}") from refused
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            if attempt == 4:
                raise
            time.sleep(2**attempt)
    raise AssertionError("unreachable")


def date_of(dag_run) -> str:
    """A backfill says its date in its configuration: Airflow has one run for each logical date, and that is the scheduled one."""
    return (dag_run.conf or {}).get("execution_date") or dag_run.logical_date.strftime("%Y-%m-%d")


def run_and_try(dag_run, ti) -> dict:
    return {
        "logicalDate": date_of(dag_run),
        "runId": dag_run.run_id,
        "tryNumber": ti.try_number,
        "requestId": f"{dag_run.run_id}/{ti.task_id}/{ti.try_number}",
    }


def mark_as_processing(dag_run, ti, **_) -> dict:
    """Takes the partition for this run, and pins the versions of its inputs: {"pin": [...], "holdNumber": "..."}."""
    return call("Partitions/MarkAsProcessing", run_and_try(dag_run, ti))


def next_partition_holds_data(dag_run, **_) -> bool:
    """By the log, not by a folder's existence."""
    tomorrow = datetime.strptime(date_of(dag_run), "%Y-%m-%d") + timedelta(days=1)
    listed = call("Partitions/List", {"fromDate": tomorrow.strftime("%Y-%m-%d"), "toDate": tomorrow.strftime("%Y-%m-%d")})
    return any(i.get("activeFiles", 0) > 0 for p in listed.get("partitions", []) for i in p.get("inputs", []))


def mark_as_processed(dag_run, ti, **_) -> dict:
    """What was pinned is now what was processed last; the hold's number keeps a try that was given up from saying so."""
    marked = ti.xcom_pull(task_ids="mark_partition_as_processing")
    request = run_and_try(dag_run, ti)
    del request["tryNumber"]
    return call("Partitions/MarkAsProcessed", {**request, "holdNumber": marked["holdNumber"]})


def create_from_late(dag_run, ti, **_) -> list[dict]:
    """Claims the late partitions before this run's date, and writes backfilling_configuration_<date>.json."""
    return call("Backfills/CreateFromLate", run_and_try(dag_run, ti)).get("partitions", [])


def backfilling_arguments(ti, **_) -> list[dict]:
    """One run for each claimed partition."""
    claimed = ti.xcom_pull(task_ids="backfill_creation_job")
    return [{"trigger_run_id": p["runId"], "conf": {"execution_date": p["logicalDate"][:10]}} for p in claimed]


with DAG(
    dag_id=PIPELINE,
    schedule="@daily",
    start_date=datetime(2024, 1, 1),
    end_date=datetime(2024, 1, 5),
    catchup=True,
    max_active_runs=5,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=1)},
) as dag:
    # depends_on_past: marks and creations follow their dates. No task has a limit of its own on how many run at once.
    # Another run may hold the partition for as long as it works: the mark is tried until it does not.
    mark_partition_as_processing = PythonOperator(
        task_id="mark_partition_as_processing", python_callable=mark_as_processing, depends_on_past=True, retries=500
    )
    next_partition_sensor = PythonSensor(
        task_id="next_partition_sensor", python_callable=next_partition_holds_data, mode="reschedule", poke_interval=60, timeout=7 * 24 * 3600
    )

    # PLACEHOLDER: what processes the partition is yours, and stays what it is: an operator for Spark, a container, a command. It is told what to read
    # (EXECUTION_DATE at the versions of PIN), and HOLD_NUMBER, which whatever it writes should carry: a run that has the partition later has a larger one.
    process_devices = BashOperator(
        task_id="process_devices",
        bash_command='echo "processes $EXECUTION_DATE at $PIN under hold $HOLD_NUMBER"',
        env={
            "EXECUTION_DATE": "{{ (dag_run.conf or {}).get('execution_date') or ds }}",
            "PIN": "{{ ti.xcom_pull(task_ids='mark_partition_as_processing')['pin'] }}",
            "HOLD_NUMBER": "{{ ti.xcom_pull(task_ids='mark_partition_as_processing')['holdNumber'] }}",
        },
    )

    mark_partition_as_processed = PythonOperator(task_id="mark_partition_as_processed", python_callable=mark_as_processed)
    backfill_creation_job = PythonOperator(task_id="backfill_creation_job", python_callable=create_from_late, depends_on_past=True)
    generate_backfilling_arguments = PythonOperator(task_id="generate_backfilling_arguments", python_callable=backfilling_arguments)
    backfill_past_partitions = TriggerDagRunOperator.partial(task_id="backfill_past_partitions", trigger_dag_id=PIPELINE).expand_kwargs(
        generate_backfilling_arguments.output
    )

    (
        mark_partition_as_processing
        >> next_partition_sensor
        >> process_devices
        >> mark_partition_as_processed
        >> backfill_creation_job
        >> generate_backfilling_arguments
        >> backfill_past_partitions
    )

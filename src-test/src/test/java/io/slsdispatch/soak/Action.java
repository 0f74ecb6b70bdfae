package io.slsdispatch.soak;

import java.time.Duration;

/**
 * Something that happens to the cluster or the service. Where it must choose among what is there at that moment, such as
 * living processes, it carries a number to choose with, so that the schedule is known beforehand.
 */
sealed interface Action {

    /** A TaskManager is killed, and another one started. */
    record KillTaskManager(int choice) implements Action {

        @Override
        public String toString() {
            return "kill -9 of a TaskManager";
        }
    }

    /**
     * The JobManager is killed, and another one started.
     *
     * @param duringSavepoint whether a savepoint was asked for just before
     */
    record KillJobManager(boolean duringSavepoint) implements Action {

        @Override
        public String toString() {
            return "kill -9 of the JobManager" + (duringSavepoint ? " while it takes a savepoint" : "");
        }
    }

    /** A TaskManager is frozen for a while. */
    record Pause(int choice, Duration time) implements Action {

        @Override
        public String toString() {
            return "SIGSTOP of a TaskManager for " + time.toSeconds() + " s";
        }
    }

    /** A shard of the source is split. */
    record Split(int choice, int parts) implements Action {

        @Override
        public String toString() {
            return "split of a shard in " + parts;
        }
    }

    /** Two neighbours among the shards of the source are merged. */
    record Merge(int choice) implements Action {

        @Override
        public String toString() {
            return "merge of two shards";
        }
    }

    /** A group that is larger than the service takes in one put appears in a shard of the source. */
    record AppendLarge(int choice) implements Action {

        @Override
        public String toString() {
            return "a group of more than 10 MiB in the source";
        }
    }

    /**
     * The numbers in the cursors of a shard of the source jump.
     *
     * @param size of the hole
     */
    record Hole(int choice, long size) implements Action {

        @Override
        public String toString() {
            return "a hole of " + size + " in the cursors of a shard";
        }
    }

    /** The job is stopped with a savepoint and goes on at another parallelism. */
    record Rescale(int parallelism) implements Action {

        @Override
        public String toString() {
            return "stop with savepoint, on at parallelism " + parallelism;
        }
    }

    /** The job's key is replaced by another one, and revoked some time before the job is told. */
    record RotateKey(Duration unnoticed) implements Action {

        @Override
        public String toString() {
            return "the job's key is revoked, and replaced after " + unnoticed.toSeconds() + " s";
        }
    }

    /** The service misbehaves for a while. */
    record Misbehave(Fault fault, Duration time) implements Action {

        @Override
        public String toString() {
            return fault.name() + " for " + time.toSeconds() + " s";
        }
    }
}

package io.slsdispatch.connector.sink.dynamic;

import io.slsdispatch.connector.client.ErrorHints;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.Durations;
import io.slsdispatch.connector.config.DynamicSinkConfig;
import io.slsdispatch.connector.config.DynamicSinkConfig.SecondWay;
import io.slsdispatch.connector.deadletter.DeadLetter.Reason;
import io.slsdispatch.connector.deadletter.DynamicReasons;
import io.slsdispatch.connector.sink.SinkMessages;
import io.slsdispatch.connector.task.FailureLog;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The texts of a writer of many logstores, except those about the puts to one of them. Frequent warnings are logged at
 * growing distance.
 */
record DynamicMessages(DynamicSinkConfig config, FailureLog failures) {

    private static final Logger LOG = SinkMessages.LOG;

    void created(String name) {
        LOG.info("Target '{}' created the logstore {}", config.name(), place(name));
    }

    void listingFailed(SlsException error) {
        failures.warn(
                "logstores of " + config.project(),
                error,
                () -> "Target '" + config.name() + "' cannot list the logstores of project '" + config.project()
                        + "'" + (config.creates() ? " and creates none until it can" : "") + "; "
                        + FailureLog.retryingUntil(null) + ". " + hint("log:ListLogStores", error) + ". "
                        + error.getMessage());
    }

    void createFailed(SlsException error) {
        failures.warn(
                "creating logstores of " + config.project(),
                error,
                () -> "Target '" + config.name() + "' could not create a logstore; " + FailureLog.retryingUntil(null)
                        + ". " + ErrorHints.of(error) + ". " + error.getMessage());
    }

    void createRefused(SlsException error) {
        failures.warn(
                "refused logstores of " + config.project(),
                error,
                () -> "Target '" + config.name() + "': the service refused to create a logstore; groups of logstores"
                        + " that are missing " + goes(config.whenMissing().then())
                        + ", and it is tried again at growing"
                        + " distance. " + hint("log:CreateLogStore", error) + ". " + error.getMessage());
    }

    private static String hint(String permission, SlsException error) {
        if (error.kind() == ErrorKind.QUOTA_EXCEEDED) {
            return "The project has its maximum number of logstores: raise its quota, or delete logstores that are not"
                    + " needed";
        }
        boolean isDenied =
                error.kind() == ErrorKind.UNAUTHORIZED && !error.requestId().isEmpty();
        return isDenied
                ? "Give the credentials the permission " + permission + " on this project"
                : ErrorHints.of(error);
    }

    /** A logstore becomes absent: from now on its groups take the second way. */
    void absent(String name, Reason reason, SecondWay way) {
        failures.warn(
                "absent logstore " + name,
                null,
                () -> "Target '" + config.name() + "': " + reason.message() + ". Its groups " + goes(way)
                        + " until it accepts groups");
    }

    private static String goes(SecondWay way) {
        return switch (way.kind()) {
            case FAIL -> "fail the job, as configured";
            case DEAD_LETTER -> "go to the dead letters";
            case DROP -> "are dropped, as configured";
            case TARGET ->
                "go to the target '" + (way.target() == null ? "" : way.target().name()) + "'";
        };
    }

    /** The reason of the groups of an absent logstore. */
    Reason absence(String code, String name, @Nullable SlsException error) {
        String logstore = "the logstore " + place(name) + " ";
        String text =
                switch (code) {
                    case DynamicReasons.DELETED ->
                        logstore + "was there and is gone; it is not created again within "
                                + Durations.text(config.recreateAfter())
                                + ", which recreate-after (in code: recreateAfter) sets";
                    case DynamicReasons.NOT_CREATED -> logstore + "does not exist and was not created";
                    case DynamicReasons.NOT_READY -> logstore + "was not created, or did not accept groups, in time";
                    default -> logstore + "does not exist";
                };
        return DynamicReasons.absent(code, error == null ? text : text + ": " + error.getMessage());
    }

    /** The reason of groups for which there may be no further logstore. */
    Reason full(String name) {
        return DynamicReasons.invalid(
                DynamicReasons.TOO_MANY,
                "the logstore " + place(name) + " does not exist, and the project has as many allowed logstores as the"
                        + " target may have: " + config.maxLogstores()
                        + ", which max-logstores (in code: maxLogstores) sets");
    }

    /** The reason of a group without a valid name. */
    Reason invalid(String problem) {
        return DynamicReasons.invalid(DynamicReasons.INVALID_NAME, problem);
    }

    /** The error of a job that fails because a group does not reach its logstore, as configured. */
    IOException failure(Reason reason) {
        boolean isInvalid = DynamicReasons.isInvalid(reason);
        String option = "when-invalid (in code: whenInvalid)";
        if (!isInvalid) {
            option = config.creates()
                    ? "create.on-failure (in code: whenMissing)"
                    : "when-missing (in code: whenMissing)";
        }
        return new IOException("target '" + config.name() + "': " + reason.message() + ". " + advice(reason)
                + ", or set " + option + " to dead letters, to another target, or to drop such groups");
    }

    private String advice(Reason reason) {
        return switch (reason.errorCode()) {
            case DynamicReasons.INVALID_NAME -> "Correct the template, the list of allowed names or the topic";
            case DynamicReasons.TOO_MANY -> "Raise max-logstores (in code: maxLogstores), or delete logstores";
            default -> config.creates() ? "Create the logstore, or correct what prevents it" : "Create the logstore";
        };
    }

    /**
     * @param waiting how many logstores are not ready
     * @param waitsFor the oldest pending requests, in words
     */
    void checkpointWaits(Duration soFar, long groups, long bytes, int waiting, String waitsFor) {
        LOG.warn(
                "Target '{}': a checkpoint has been waiting for {} for the logstores to store all groups; {} groups"
                        + " ({} bytes) remain, and {} logstores are not ready: {}",
                config.name(),
                Durations.measured(soFar),
                groups,
                bytes,
                waiting,
                waitsFor);
    }

    private String place(String name) {
        return config.project() + "/" + name;
    }
}

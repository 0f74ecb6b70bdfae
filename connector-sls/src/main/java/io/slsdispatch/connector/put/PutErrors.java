package io.slsdispatch.connector.put;

import io.slsdispatch.connector.client.ErrorCodes;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.RetryPolicy;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Interprets failed puts to one target: this is the only class that decides whether an error is about a log group,
 * about the request, or is transient. One object per sender and target; one thread.
 *
 * <p>An answer rejects a group only if it has the service's request id, and either its code is about the content, or
 * the code is unknown and contrast proves it: the group was refused {@link #TRIES_OF_UNKNOWN} times while the target
 * accepted another group that was sent after the first refusal.
 */
@Internal
public final class PutErrors {

    /** The meaning of a failed put, which determines the reaction. */
    public enum Meaning {
        /** A quota is used up: slow down and retry. */
        THROTTLED,
        /** The service or the network failed: retry. */
        UNAVAILABLE,
        /** A success without the service's request id: perhaps stored, perhaps not. Retry, see {@link #unconfirmed}. */
        UNCONFIRMED,
        /** Credentials, project or logstore: retry during the grace period, then fail. */
        DENIED,
        /** Another part of the request than the groups: retry during the grace period, then fail. */
        ABOUT_REQUEST,
        /** Unknown code: contrast decides, see {@link #isAboutGroup}. */
        UNKNOWN,
        /** Larger than the target, or a proxy in between, accepts: send it in parts. */
        TOO_LARGE,
        /** The target never accepts this content. */
        ABOUT_GROUP
    }

    /** The code of a request for which the client returned no result. */
    public static final String NO_ANSWER = "NoAnswer";

    /**
     * How often a group is sent before an unknown code can reject it; the same number as in loongcollector
     * (FlusherSLS.cpp).
     */
    public static final int TRIES_OF_UNKNOWN = 5;

    /**
     * The number of consecutive puts without a confirmation that ends the retries: each may have been stored, and a
     * retry duplicates it.
     */
    public static final int MOST_UNCONFIRMED = 3;

    private static final int OK = 200;

    private final Set<String> aboutGroup;
    private final Set<String> aboutRequest;

    /** Counts events, so that their order is certain even where two clock readings are equal. */
    private long events;

    private int unconfirmed;
    private long unconfirmedAt;

    /** When a request was last accepted, and below the latest sending time of an accepted request; 0 for never. */
    private long acceptedAt;

    private long acceptedSentAt;

    /**
     * Groups refused with unknown codes since the last acceptance: the first such group, and below whether there was
     * another.
     */
    private @Nullable UnknownRefusals refusedSince;

    private boolean severalRefusedSince;

    /** @param policy adds further error codes */
    public PutErrors(RetryPolicy policy) {
        this.aboutGroup = lowerCase(policy.codesAboutGroup());
        this.aboutRequest = lowerCase(policy.codesAboutRequest());
    }

    private static Set<String> lowerCase(List<String> codes) {
        return codes.stream().map(code -> code.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    /** The meaning of a failed put; codes are compared case-insensitively. */
    public Meaning meaning(SlsException error) {
        if (error.httpStatus() > 0 && error.requestId().isEmpty()) {
            return meaningWithoutRequestId(error);
        }
        String code = error.errorCode().toLowerCase(Locale.ROOT);
        if (!error.requestId().isEmpty()) {
            if (aboutGroup.contains(code)) {
                return Meaning.ABOUT_GROUP;
            }
            if (aboutRequest.contains(code)) {
                return Meaning.ABOUT_REQUEST;
            }
        }
        return switch (error.kind()) {
            case THROTTLED, QUOTA_EXCEEDED -> Meaning.THROTTLED;
            case UNAVAILABLE -> Meaning.UNAVAILABLE;
            case UNAUTHORIZED, NOT_FOUND, SHARD_NOT_FOUND -> Meaning.DENIED;
            case TOO_LARGE -> Meaning.TOO_LARGE;
            case SEQUENCE_REPEATED -> Meaning.ABOUT_GROUP;
            case INVALID_REQUEST, CURSOR_EXPIRED, ALREADY_EXISTS -> meaningOfRefusal(error);
        };
    }

    /** Whether the put failed for a local reason, which says nothing about the target. */
    public static boolean isLocal(SlsException error) {
        return ErrorCodes.isLocal(error);
    }

    /** Whether the service says that the logstore does not exist, or has no shard yet, though its project exists. */
    public static boolean isLogstoreAbsent(SlsException error) {
        return error.kind() == ErrorKind.NOT_FOUND
                && !error.requestId().isEmpty()
                && !error.errorCode().toLowerCase(Locale.ROOT).startsWith("project");
    }

    /** The sender of the answer may not be the service: such an answer never rejects a group. */
    private static Meaning meaningWithoutRequestId(SlsException error) {
        if (error.httpStatus() == OK) {
            return Meaning.UNCONFIRMED;
        }
        return switch (error.kind()) {
            case THROTTLED, QUOTA_EXCEEDED -> Meaning.THROTTLED;
            // A proxy that rejects the whole body may accept its parts.
            case TOO_LARGE -> Meaning.TOO_LARGE;
            default -> Meaning.UNAVAILABLE;
        };
    }

    private static Meaning meaningOfRefusal(SlsException error) {
        if (error.httpStatus() <= 0) {
            // The request was never sent, for example because a header cannot contain the access key id.
            return Meaning.ABOUT_REQUEST;
        }
        if (ErrorCodes.isAboutContent(error.errorCode())) {
            return Meaning.ABOUT_GROUP;
        }
        return ErrorCodes.isAboutRequest(error.errorCode()) ? Meaning.ABOUT_REQUEST : Meaning.UNKNOWN;
    }

    /**
     * Whether a group that cannot be split is rejected for its size: only by the service, or by our own client, which
     * knows the service's limit. A proxy's limit proves nothing about the group.
     */
    public static boolean rejectsForSize(SlsException error) {
        return error.httpStatus() <= 0 || !error.requestId().isEmpty();
    }

    /** Whether the compressed form may be the cause: the group is then compressed again before the refusal counts. */
    public static boolean mayBeAboutCompression(SlsException error, boolean list) {
        return !error.requestId().isEmpty()
                && (ErrorCodes.isAboutCompression(error.errorCode())
                        || (!list && ErrorCodes.isAboutParsing(error.errorCode())));
    }

    /**
     * Whether zstd may be the cause of an error: the request is then sent as LZ4, which every service accepts, before
     * the error counts. The codes of a gateway for this are unknown, so this is any refusal but those of the groups'
     * content.
     */
    public static boolean mayBeAboutZstd(SlsException error, Meaning meaning) {
        return switch (meaning) {
            case ABOUT_REQUEST, UNKNOWN -> error.httpStatus() > 0;
            case ABOUT_GROUP ->
                ErrorCodes.isAboutCompression(error.errorCode()) || ErrorCodes.isAboutParsing(error.errorCode());
            default -> false;
        };
    }

    /**
     * Registers a request that is about to be sent.
     *
     * @return its ticket: later requests have higher tickets
     */
    public long sent() {
        return ++events;
    }

    /** The target has accepted the request with this ticket. */
    public void accepted(long ticket) {
        unconfirmed = 0;
        refusedSince = null;
        severalRefusedSince = false;
        acceptedSentAt = Math.max(acceptedSentAt, ticket);
        acceptedAt = ++events;
    }

    /**
     * The request with this ticket was answered with success but without a request id. Requests that were in flight
     * when the last such answer was counted are not counted.
     *
     * @return whether there were {@link #MOST_UNCONFIRMED} in a row, after which the caller stops
     */
    public boolean unconfirmed(long ticket) {
        if (unconfirmed == 0 || ticket > unconfirmedAt) {
            unconfirmed++;
            unconfirmedAt = ++events;
        }
        return unconfirmed >= MOST_UNCONFIRMED;
    }

    /** Whether the last success had no request id: the target then gets one request at a time. */
    public boolean isUnconfirmed() {
        return unconfirmed > 0;
    }

    /** A list that contains this group was refused with an unknown code. */
    public void listRefused(UnknownRefusals group) {
        group.listRefused(++events);
    }

    /**
     * A group was refused alone with an unknown code.
     *
     * @return whether contrast has proved that the error is about the group
     */
    public boolean isAboutGroup(UnknownRefusals group) {
        if (refusedSince == null) {
            refusedSince = group;
        } else if (refusedSince != group) {
            severalRefusedSince = true;
        }
        return group.refused(++events);
    }

    /**
     * Whether another group was accepted since the first refusal of this one. A group that was sent before that refusal
     * counts only while no third group is refused: otherwise the state of the target may have changed in between.
     */
    private boolean contrastsWith(UnknownRefusals group, long firstRefusal) {
        boolean othersRefused = severalRefusedSince || (refusedSince != null && refusedSince != group);
        return acceptedSentAt > firstRefusal || (acceptedAt > firstRefusal && !othersRefused);
    }

    /**
     * The history of a group's refusals with unknown codes: how often it was refused, and whether the target accepted
     * other groups meanwhile.
     */
    static final class UnknownRefusals {

        /** The event number of the first refusal in {@link PutErrors}; 0 for none. */
        private long since;

        private int tries;
        private boolean contrast;

        /** The list that contains the group was refused: that is the group's first refusal, too. */
        private void listRefused(long event) {
            if (since == 0) {
                since = event;
            }
        }

        /** The group is sent: only groups that were accepted before a failed try prove that the group is at fault. */
        void sent(PutErrors errors) {
            contrast = since > 0 && errors.contrastsWith(this, since);
        }

        /** @return whether the refusals are proved to be about the group */
        private boolean refused(long event) {
            if (since == 0) {
                since = event;
            }
            tries++;
            return contrast && tries >= TRIES_OF_UNKNOWN;
        }

        /** How often the group was refused alone. */
        int tries() {
            return tries;
        }

        /** The group is settled; the next one of the same refused list is examined. */
        void nextGroup() {
            tries = 0;
            contrast = false;
        }
    }
}

package io.slsdispatch.connector.put;

import io.slsdispatch.connector.client.ErrorCodes;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.RetryPolicy;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * What failed puts to one target mean: the only place that decides whether an error is about a log group, about the
 * request, or passes by itself. One object per sender and target; one thread.
 *
 * <p>An answer rejects a group only when it has the service's request id, and either its code is one about the content, or
 * the code is unknown and contrast shows it: the group was refused {@link #TRIES_OF_UNKNOWN} times while the target
 * accepted another group that was sent after the first refusal.
 */
@Internal
public final class PutErrors {

    /** What to do about a failed put. */
    public enum Meaning {
        /** A quota is used up: slow down and send again. */
        THROTTLED,
        /** The service or the way to it failed: send again. */
        UNAVAILABLE,
        /** A success without the service's request id: perhaps stored, perhaps not. Send again, see {@link #unconfirmed}. */
        UNCONFIRMED,
        /** Credentials, project or logstore: send again for the grace, then fail. */
        DENIED,
        /** Another part of the request than the groups: send again for the grace, then fail. */
        ABOUT_REQUEST,
        /** Unknown code: contrast decides, see {@link #isAboutGroup}. */
        UNKNOWN,
        /** Larger than the target, or a proxy on the way, takes: send it in parts. */
        TOO_LARGE,
        /** The target never takes this content. */
        ABOUT_GROUP
    }

    /** The code of a request that the client never answered. */
    public static final String NO_ANSWER = "NoAnswer";

    /** How often a group is sent before an unknown code can reject it; loongcollector does the same (FlusherSLS.cpp). */
    public static final int TRIES_OF_UNKNOWN = 5;

    /** How many puts in a row without a confirmation are enough to stop: each may have been stored, and repeats it. */
    public static final int MOST_UNCONFIRMED = 3;

    private static final int OK = 200;

    private final Set<String> aboutGroup;
    private final Set<String> aboutRequest;

    /** Counts what happens, so that before and after are certain where a clock would say "at once". */
    private long events;

    private int unconfirmed;
    private long unconfirmedAt;

    /** When a request was last accepted, and when that, or one before it, was sent; 0 for never. */
    private long acceptedAt;

    private long acceptedSentAt;

    /** Groups refused with unknown codes since a group was last accepted: the first, and whether there was another. */
    private @Nullable UnknownRefusals refusedSince;

    private boolean severalRefusedSince;

    /** @param policy names codes that are not known here */
    public PutErrors(RetryPolicy policy) {
        this.aboutGroup = lowerCase(policy.codesAboutGroup());
        this.aboutRequest = lowerCase(policy.codesAboutRequest());
    }

    private static Set<String> lowerCase(List<String> codes) {
        return codes.stream().map(code -> code.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    /** What a failed put means; codes are compared without regard to case. */
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

    /** Whoever answered, it is not known to be the service: nothing that it says rejects a group. */
    private static Meaning meaningWithoutRequestId(SlsException error) {
        if (error.httpStatus() == OK) {
            return Meaning.UNCONFIRMED;
        }
        return switch (error.kind()) {
            case THROTTLED, QUOTA_EXCEEDED -> Meaning.THROTTLED;
            // What a proxy does not take as a whole it may take in parts.
            case TOO_LARGE -> Meaning.TOO_LARGE;
            default -> Meaning.UNAVAILABLE;
        };
    }

    private static Meaning meaningOfRefusal(SlsException error) {
        if (error.httpStatus() <= 0) {
            // The request was never sent, such as for an access key id that cannot be written in a header.
            return Meaning.ABOUT_REQUEST;
        }
        if (ErrorCodes.isAboutContent(error.errorCode())) {
            return Meaning.ABOUT_GROUP;
        }
        return ErrorCodes.isAboutRequest(error.errorCode()) ? Meaning.ABOUT_REQUEST : Meaning.UNKNOWN;
    }

    /**
     * Whether a group that cannot be made smaller is rejected for its size: only by the service, or by our own client,
     * which knows the service's limit. A proxy's limit says nothing about the group.
     */
    public static boolean rejectsForSize(SlsException error) {
        return error.httpStatus() <= 0 || !error.requestId().isEmpty();
    }

    /** Whether the compressed form may be at fault: then it is compressed again before the refusal counts. */
    public static boolean mayBeAboutCompression(SlsException error, boolean list) {
        return !error.requestId().isEmpty()
                && (ErrorCodes.isAboutCompression(error.errorCode())
                        || (!list && ErrorCodes.isAboutParsing(error.errorCode())));
    }

    /**
     * A request is about to be sent.
     *
     * @return its ticket: what was sent later has a higher one
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
     * The request with this ticket had a success without request id. Those that were in flight when the last one was counted
     * say nothing new.
     *
     * @return whether there were {@link #MOST_UNCONFIRMED} in a row, which is when to stop
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

    /** A list with this group was refused with an unknown code. */
    public void listRefused(UnknownRefusals group) {
        group.listRefused(++events);
    }

    /**
     * A group was refused alone with an unknown code.
     *
     * @return whether contrast has shown that this is about the group
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
     * Whether another group was accepted since the first refusal of this one. One that was sent before that refusal counts
     * only while no third group is refused: otherwise the target may have changed in between.
     */
    private boolean contrastsWith(UnknownRefusals group, long firstRefusal) {
        boolean othersRefused = severalRefusedSince || (refusedSince != null && refusedSince != group);
        return acceptedSentAt > firstRefusal || (acceptedAt > firstRefusal && !othersRefused);
    }

    /**
     * How often a target has refused a group with codes that are not known, and whether it accepted others meanwhile: what is
     * kept of a group.
     */
    static final class UnknownRefusals {

        /** The first refusal, as {@link PutErrors} counts events; 0 for none. */
        private long since;

        private int tries;
        private boolean contrast;

        /** The list that holds the group was refused: that is its first refusal, too. */
        private void listRefused(long event) {
            if (since == 0) {
                since = event;
            }
        }

        /** The group is sent: only what was accepted before a try that fails can be held against it. */
        void sent(PutErrors errors) {
            contrast = since > 0 && errors.contrastsWith(this, since);
        }

        /** @return whether that is enough to say that the refusals are about the group */
        private boolean refused(long event) {
            if (since == 0) {
                since = event;
            }
            tries++;
            return contrast && tries >= TRIES_OF_UNKNOWN;
        }

        /** How often the group alone was refused. */
        int tries() {
            return tries;
        }

        /** The group is settled, the next one of the same refused list is looked at. */
        void nextGroup() {
            tries = 0;
            contrast = false;
        }
    }
}

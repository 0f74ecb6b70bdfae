package io.slsdispatch.connector.deadletter;

import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.model.ByteSlice;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.OptionalLong;
import org.apache.flink.annotation.PublicEvolving;

/**
 * A log group that its target did not take.
 *
 * @param group the group, with where it came from
 * @param target name of the target
 * @param logstore the target's logstore
 * @param scope what tells that logstore from others of equal project and name, such as {@code region:cn-hangzhou}; empty
 *     when nothing does
 * @param reason why it was not taken
 * @param time when that was
 * @param idVersion how the {@link #id()} is made: 2, or 1 of letters that were stored by builds before that
 */
@PublicEvolving
public record DeadLetter(
        RawLogGroup group,
        String target,
        LogstoreId logstore,
        String scope,
        Reason reason,
        Instant time,
        int idVersion) {

    static final int OLDEST_ID_VERSION = 1;
    /** The version of ids that this build makes. */
    public static final int ID_VERSION = 2;

    private static final int ID_BYTES = 16;

    /** What kind of reason it is. */
    public enum Cause {
        /** The target will never take the group. */
        REJECTED,
        /** The target was out of order for longer than it may be. It may have taken the group all the same. */
        OUTAGE
    }

    /**
     * Why a group was not taken.
     *
     * @param errorCode the service's code, empty when there was no answer
     * @param httpStatus of the answer, -1 when there was none
     * @param requestId the service's id of the request, empty when there was none
     * @param message in words
     */
    public record Reason(Cause cause, String errorCode, int httpStatus, String requestId, String message) {

        /** What the service said. */
        public static Reason of(Cause cause, SlsException said) {
            return new Reason(
                    cause, said.errorCode(), said.httpStatus(), said.requestId(), String.valueOf(said.getMessage()));
        }
    }

    /** A letter of this build, for a logstore that nothing needs to tell from others. */
    public DeadLetter(RawLogGroup group, String target, LogstoreId logstore, Reason reason, Instant time) {
        this(group, target, logstore, "", reason, time, ID_VERSION);
    }

    /** Whether the letter was stored by a build before version 2 of ids. */
    public boolean hasOlderId() {
        return idVersion == OLDEST_ID_VERSION;
    }

    /** The same as if it was stored by this build, for a logstore of this scope. */
    public DeadLetter renewed(String newScope) {
        return new DeadLetter(group, target, logstore, newScope, reason, time, ID_VERSION);
    }

    /**
     * Names the group and its target: the same for the same bytes from the same place of the source to the same logstore,
     * however often they become a dead letter. The place is the group's own number in its shard, so that it does not
     * matter which pull brought it; only where that is not known it is the cursor of the pull and the place in it. The
     * parts of a split group have names of their own, also where their bytes are equal. 32 hexadecimal digits.
     *
     * <p>Version 1 knew no numbers and no scope: its ids changed when a group was pulled from another cursor, and were the
     * same for logstores of equal project and name in different regions.
     */
    public String id() {
        ByteSlice bytes = group.bytes();
        MessageDigest digest = Sha256.digest();
        if (hasOlderId()) {
            String name = logstore + "\n" + group.shard() + "\n" + group.cursor() + "\n" + group.index() + "\n"
                    + (group.part().isEmpty() ? "" : group.part() + "\n");
            digest.update(name.getBytes(StandardCharsets.UTF_8));
        } else {
            OptionalLong number = group.number();
            String place = number.isPresent()
                    ? "number " + number.getAsLong()
                    : "pull " + group.cursor() + "\n" + group.index();
            String name = "letter id 2\n" + logstore + "\n" + scope + "\n" + group.shard() + "\n" + place + "\n"
                    + group.part() + "\n";
            digest.update(name.getBytes(StandardCharsets.UTF_8));
        }
        digest.update(bytes.array(), bytes.offset(), bytes.length());
        return HexFormat.of().formatHex(digest.digest(), 0, ID_BYTES);
    }
}

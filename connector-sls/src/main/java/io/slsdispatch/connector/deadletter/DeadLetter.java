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
 * A dead letter: a log group that its target did not accept, with the reason.
 *
 * @param group the group, with its position in the source
 * @param target name of the target
 * @param logstore the target's logstore
 * @param scope distinguishes that logstore from others of equal project and name, such as {@code region:cn-hangzhou};
 *     empty when that is not needed
 * @param reason why the target did not accept it
 * @param time when the target did not accept it
 * @param idVersion how the {@link #id()} is computed: 2, or 1 for dead letters that earlier builds stored
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
    /** The id version of this build. */
    public static final int ID_VERSION = 2;

    private static final int ID_BYTES = 16;

    /** The kind of a reason. */
    public enum Cause {
        /** The target never accepts the group. */
        REJECTED,
        /** The target was unavailable for longer than configured. It may have stored the group nevertheless. */
        OUTAGE
    }

    /**
     * Why a group was not accepted.
     *
     * @param errorCode the service's code, empty when there was no answer
     * @param httpStatus of the answer, -1 when there was none
     * @param requestId the service's id of the request, empty when there was none
     * @param message the error message
     */
    public record Reason(Cause cause, String errorCode, int httpStatus, String requestId, String message) {

        /** The reason that an error of the service means. */
        public static Reason of(Cause cause, SlsException said) {
            return new Reason(
                    cause, said.errorCode(), said.httpStatus(), said.requestId(), String.valueOf(said.getMessage()));
        }
    }

    /** A dead letter of this build, for a logstore that needs no scope. */
    public DeadLetter(RawLogGroup group, String target, LogstoreId logstore, Reason reason, Instant time) {
        this(group, target, logstore, "", reason, time, ID_VERSION);
    }

    /** Whether the dead letter was stored by a build before version 2 of ids. */
    public boolean hasOlderId() {
        return idVersion == OLDEST_ID_VERSION;
    }

    /** The same dead letter with an id of this build, for a logstore of this scope. */
    public DeadLetter renewed(String newScope) {
        return new DeadLetter(group, target, logstore, newScope, reason, time, ID_VERSION);
    }

    /**
     * Identifies the group and its target: equal for the same bytes from the same position of the source to the same
     * logstore, however often they become a dead letter. The position is the group's own number in its shard, so that
     * it does not depend on the pull; only if the number is unknown, the position is the cursor of the pull and the
     * index in it. The parts of a split group have different ids, even if their bytes are equal. 32 hexadecimal digits.
     *
     * <p>Version 1 used neither numbers nor scopes: its ids changed when a group was pulled from another cursor, and
     * were equal for logstores of equal project and name in different regions.
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

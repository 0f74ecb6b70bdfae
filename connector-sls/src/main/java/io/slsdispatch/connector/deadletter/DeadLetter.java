package io.slsdispatch.connector.deadletter;

import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.model.ByteSlice;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;

/**
 * A log group that its target did not take.
 *
 * @param group the group, with where it came from
 * @param target name of the target
 * @param logstore the target's logstore
 * @param reason why it was not taken
 * @param time when that was
 */
public record DeadLetter(RawLogGroup group, String target, LogstoreId logstore, Reason reason, Instant time) {

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

    /**
     * Names the group and its target: the same for the same bytes from the same place of the source to the same target,
     * however often they become a dead letter. The parts of a split group have names of their own, also where their bytes
     * are equal. 32 hexadecimal digits.
     */
    public String id() {
        MessageDigest digest = Sha256.digest();
        String name = logstore + "\n" + group.shard() + "\n" + group.cursor() + "\n" + group.index() + "\n"
                + (group.part().isEmpty() ? "" : group.part() + "\n");
        digest.update(name.getBytes(StandardCharsets.UTF_8));
        ByteSlice bytes = group.bytes();
        digest.update(bytes.array(), bytes.offset(), bytes.length());
        return HexFormat.of().formatHex(digest.digest(), 0, ID_BYTES);
    }
}

package io.slsdispatch.job.probe;

import io.slsdispatch.connector.wire.LogGroupListWalker;
import io.slsdispatch.connector.wire.Lz4;
import io.slsdispatch.connector.wire.MalformedLogGroupException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jpountz.lz4.LZ4Exception;

/**
 * The answer to a pull.
 *
 * @param groups as stored
 * @param next cursor of the next pull
 */
record PulledGroups(List<byte[]> groups, String next) {

    private static final int MOST_BYTES = 64 << 20;

    /** @throws NotProbedException when the pull was refused or cannot be read */
    static PulledGroups of(Reply reply) throws NotProbedException {
        reply.ok();
        List<byte[]> groups = new ArrayList<>();
        try {
            int size = Integer.parseInt(reply.header("x-log-bodyrawsize"));
            if (size < 0 || size > MOST_BYTES) {
                throw new NotProbedException("a pull claims " + size + " bytes");
            }
            byte[] raw = size == 0 ? new byte[0] : Lz4.decompress(reply.body(), 0, reply.body().length, size);
            LogGroupListWalker walker = new LogGroupListWalker();
            walker.reset(raw, raw.length);
            while (walker.next()) {
                groups.add(Arrays.copyOfRange(raw, walker.offset(), walker.offset() + walker.length()));
            }
        } catch (NumberFormatException | LZ4Exception | MalformedLogGroupException e) {
            throw new NotProbedException("the response to a pull cannot be read");
        }
        return new PulledGroups(groups, reply.header("x-log-cursor"));
    }
}

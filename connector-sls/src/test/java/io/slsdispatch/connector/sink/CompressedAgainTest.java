package io.slsdispatch.connector.sink;

import static io.slsdispatch.connector.sink.WriterRig.config;
import static io.slsdispatch.connector.sink.WriterRig.delivery;
import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.config.SinkConfig.OnReject;
import io.slsdispatch.connector.model.ByteSlice;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.Lz4;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The service cannot read a block that was cut from a longer one, which no other client sends. */
class CompressedAgainTest {

    private static final long PLENTY = 1 << 30;

    @ParameterizedTest
    @ValueSource(
            strings = {"PostBodyUncompressError", "postbodyuncompresserror", "InvalidBodyRawSize", "PostBodyInvalid"})
    void aGroupIsCompressedAgainBeforeItIsRejected(String code) throws Exception {
        WriterRig rig = new WriterRig(
                config().delivery(delivery(false, false, 1, PLENTY)).build());
        rig.target.answering(request -> isCut(request) ? FakeTarget.error(request.logstore(), 400, code, "ID") : null);
        byte[] bytes = bytes(5);
        rig.write(cut(bytes, 0));
        rig.flush();

        assertThat(rig.target.storedGroups()).hasSize(1);
        assertThat(rig.target.storedGroups().get(0).bytes().toArray()).isEqualTo(bytes);
        assertThat(rig.metrics.counted("sls.recompressedGroups")).isEqualTo(1);
        assertThat(rig.metrics.counted("numRecordsSendErrors")).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aListIsCompressedAgainAsAWhole(boolean ordered) throws Exception {
        WriterRig rig = new WriterRig(
                config().delivery(delivery(ordered, true, 1, PLENTY)).build());
        for (int i = 0; i < 20; i++) {
            rig.write(cut(bytes(i), i));
        }
        rig.target.takeOpen().accept();
        rig.target.answering(request ->
                isCut(request) ? FakeTarget.error(request.logstore(), 400, "PostBodyUncompressError", "ID") : null);
        rig.flush();

        assertThat(rig.target.stored()).hasSize(20).isSorted();
        assertThat(rig.target.requests()).hasSize(3);
        assertThat(rig.metrics.counted("sls.recompressedGroups")).isEqualTo(19);
        assertThat(rig.metrics.counted("sls.batchFallback")).isZero();
    }

    @Test
    void aGroupThatIsRefusedAgainIsRejected() throws Exception {
        WriterRig rig = new WriterRig(config().delivery(delivery(false, true, 1, PLENTY))
                .onReject(OnReject.DROP)
                .build());
        rig.target.answering(request -> FakeTarget.error(request.logstore(), 400, "PostBodyUncompressError", "ID"));
        rig.write(cut(bytes(1), 0));
        rig.flush();

        assertThat(rig.target.requests()).hasSize(2);
        assertThat(rig.metrics.counted("sls.dropped")).isEqualTo(1);
    }

    /** A block that cannot be restored here either must not fail the job, which would read it again after its restart. */
    @Test
    void aBlockThatNobodyCanReadIsRejected() throws Exception {
        WriterRig rig = new WriterRig(config().onReject(OnReject.DROP).build());
        rig.target.answering(request -> FakeTarget.error(request.logstore(), 400, "PostBodyUncompressError", "ID"));
        byte[] noBlock = {(byte) 0xf0, 1, 2};
        rig.write(RawLogGroup.packed(new ByteSlice(noBlock, 0, 3), 1000, "topic", 0, "cursor", 0));
        rig.flush();

        assertThat(rig.metrics.counted("sls.dropped")).isEqualTo(1);
    }

    private static boolean isCut(PutRequest request) {
        return request.groups().stream().anyMatch(group -> group.block() != null);
    }

    private static byte[] bytes(int seed) {
        byte[] bytes = new byte[2000];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static RawLogGroup cut(byte[] bytes, int index) {
        ByteBuffer room = ByteBuffer.allocateDirect(Lz4.maxLength(bytes.length));
        int length = Lz4.compress(bytes, 0, bytes.length, room, 0);
        byte[] block = new byte[length];
        room.get(0, block);
        return RawLogGroup.packed(
                new ByteSlice(Arrays.copyOf(block, length), 0, length), bytes.length, "topic", 0, "cursor", index);
    }
}

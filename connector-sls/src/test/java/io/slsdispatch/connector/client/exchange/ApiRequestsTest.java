package io.slsdispatch.connector.client.exchange;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.config.Signature;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import java.util.List;
import org.junit.jupiter.api.Test;

class ApiRequestsTest {

    @Test
    void aPutForWhichThereIsNoMemoryIsRefusedAndTheProcessGoesOn() {
        AbstractByteBufAllocator exhausted = new AbstractByteBufAllocator() {
            @Override
            protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
                throw new UnsupportedOperationException("no request needs it");
            }

            @Override
            protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
                throw new OutOfMemoryError("Cannot reserve direct buffer memory");
            }

            @Override
            public boolean isDirectBufferPooled() {
                return false;
            }
        };
        RawLogGroup group = new RawLogGroup(new byte[] {0x1a, 1, 't'}, 0, 3, "t", 0, "c", 0);

        assertThatThrownBy(() -> new ApiRequests(exhausted, Signer.of(new Signature.V1()))
                        .put(new PutRequest(new LogstoreId("project", "store"), List.of(group), null)))
                .isInstanceOf(NoBufferException.class)
                .hasMessageContaining("taskmanager.memory.task.off-heap.size");
    }
}

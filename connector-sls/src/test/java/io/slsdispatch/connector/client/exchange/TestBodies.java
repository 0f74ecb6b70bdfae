package io.slsdispatch.connector.client.exchange;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;

/** Memory for bodies of requests, for tests of those who make them. */
public final class TestBodies {

    private TestBodies() {}

    /** Memory without a limit. */
    public static ApiRequest.Body.Memory plenty() {
        return capacity -> ApiRequest.Body.allocate(UnpooledByteBufAllocator.DEFAULT, capacity);
    }

    /** No memory. */
    public static ApiRequest.Body.Memory exhausted() {
        ByteBufAllocator exhausted = new AbstractByteBufAllocator() {
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
        return capacity -> ApiRequest.Body.allocate(exhausted, capacity);
    }
}

package io.slsdispatch.connector.client.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpMethod;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Puts into the words of the API what is asked of it: PullLogs, PutLogs, PutLogs of mode {@code batch_group}, and what
 * the official SDK has put into words.
 */
final class ApiRequests {

    private final ByteBufAllocator memory;
    private final Signer signer;

    /** @param signer digests bodies */
    ApiRequests(ByteBufAllocator memory, Signer signer) {
        this.memory = memory;
        this.signer = signer;
    }

    static ApiRequest pull(PullRequest request) {
        SortedMap<String, String> query = new TreeMap<>();
        query.put("type", "log");
        query.put("cursor", request.cursor());
        query.put("count", String.valueOf(request.maxGroups()));
        if (request.endCursor() != null) {
            query.put("end_cursor", request.endCursor());
        }
        return new ApiRequest(
                HttpMethod.GET,
                request.logstore().project(),
                shards(request.logstore()) + request.shard(),
                query,
                Map.of("x-log-bodyrawsize", "0", "accept", "application/x-protobuf", "accept-encoding", "lz4"),
                null);
    }

    /**
     * Compresses on the thread of the caller.
     *
     * @throws NoBufferException when this process has no memory left for it
     */
    ApiRequest put(PutRequest request) throws NoBufferException {
        ByteBuf content = compressed(request.groups());
        try {
            return put(request, content);
        } catch (Throwable e) {
            content.release();
            throw e;
        }
    }

    private ApiRequest put(PutRequest request, ByteBuf content) {
        boolean list = request.groups().size() > 1;
        SortedMap<String, String> query = new TreeMap<>();
        String path = shards(request.logstore()) + "lb";
        if (request.hashKey() != null) {
            query.put("key", request.hashKey());
            path = shards(request.logstore()) + "route";
        }
        Map<String, String> headers = new HashMap<>();
        headers.put("x-log-compresstype", "lz4");
        headers.put("x-log-bodyrawsize", String.valueOf(list ? content.readableBytes() : request.rawBytes()));
        if (list) {
            headers.put("x-log-mode", "batch_group");
        }
        return new ApiRequest(
                HttpMethod.POST,
                request.logstore().project(),
                path,
                query,
                headers,
                new ApiRequest.Body(content, signer.digest(content.nioBuffer())));
    }

    private static String shards(LogstoreId logstore) {
        return "/logstores/" + logstore.logstore() + "/shards/";
    }

    private ByteBuf compressed(List<RawLogGroup> groups) throws NoBufferException {
        boolean list = groups.size() > 1;
        long most = 0;
        for (RawLogGroup group : groups) {
            most += list ? LogPackages.maxLength(group) : LogPackages.maxBlockLength(group);
        }
        ByteBuf content = buffer(Math.toIntExact(most));
        try {
            if (list) {
                for (RawLogGroup group : groups) {
                    LogPackages.write(group, content);
                }
            } else {
                content.writerIndex(LogPackages.writeBlock(groups.get(0), content, 0));
            }
            trim(content);
        } catch (Throwable e) {
            content.release();
            throw e;
        }
        return content;
    }

    private ByteBuf buffer(int length) throws NoBufferException {
        try {
            return memory.directBuffer(length);
        } catch (OutOfMemoryError e) {
            throw new NoBufferException(length, e);
        }
    }

    /** Gives back what compression has saved: a body may wait for its turn, or for a slow network. */
    private static void trim(ByteBuf content) throws NoBufferException {
        try {
            content.capacity(content.writerIndex());
        } catch (OutOfMemoryError e) {
            throw new NoBufferException(content.writerIndex(), e);
        }
    }

    /** A request that looks something up or administers. */
    ApiRequest control(ControlRequest request) {
        byte[] body = request.body();
        return new ApiRequest(
                HttpMethod.valueOf(request.method()),
                request.project(),
                request.path(),
                request.query(),
                request.headers(),
                body.length == 0
                        ? null
                        : new ApiRequest.Body(Unpooled.wrappedBuffer(body), signer.digest(ByteBuffer.wrap(body))));
    }
}

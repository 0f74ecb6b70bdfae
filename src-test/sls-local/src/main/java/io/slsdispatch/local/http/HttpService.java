package io.slsdispatch.local.http;

import java.net.InetAddress;
import java.util.concurrent.CompletionStage;

/** Answers requests. Called on the I/O threads of a {@link HttpServer}, so it must not block. */
public interface HttpService {

    /**
     * Answers one request. The stage may complete on any thread, and never completes with an error.
     *
     * @param request the request, body included
     * @param from address of the client
     */
    CompletionStage<Reply> answer(Request request, InetAddress from);
}

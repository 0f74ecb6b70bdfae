package io.slsdispatch.local.service;

import io.slsdispatch.local.http.Reply;
import io.slsdispatch.local.wire.Refusal;
import java.util.concurrent.CompletionStage;

/** Handles the calls of one operation. Runs on an I/O thread and must not block. */
@FunctionalInterface
interface Handler {

    /**
     * Handles one call.
     *
     * @throws Refusal when the response is an error; the stage may also fail with it
     */
    CompletionStage<Reply> handle(Call call);
}

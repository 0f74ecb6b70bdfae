package io.slsdispatch.local.service;

import io.slsdispatch.local.http.Reply;
import io.slsdispatch.local.wire.Refusal;
import java.util.concurrent.CompletionStage;

/** Answers the calls of one operation. Runs on an I/O thread and must not block. */
@FunctionalInterface
interface Handler {

    /**
     * Answers one call.
     *
     * @throws Refusal when the answer is an error; the stage may fail with it as well
     */
    CompletionStage<Reply> handle(Call call);
}

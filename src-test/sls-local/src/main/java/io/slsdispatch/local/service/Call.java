package io.slsdispatch.local.service;

import io.slsdispatch.local.fault.FaultTarget;
import io.slsdispatch.local.http.Request;
import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Operation;
import io.slsdispatch.local.wire.Refusal;
import java.util.List;
import java.util.OptionalInt;

/**
 * A request whose operation is known.
 *
 * @param project the project of the request, empty when the host names none
 * @param logstore the logstore in the path, empty when there is none
 * @param item the shard or consumer group in the path, empty when there is none
 */
record Call(Operation operation, Request request, String project, String logstore, String item) {

    /** The shard in the path. */
    int shard() {
        try {
            return Integer.parseInt(item);
        } catch (NumberFormatException notAShard) {
            throw new Refusal(ErrorCode.PARAMETER_INVALID, "invalid shard id " + item);
        }
    }

    /** The call as a target of faults. The shard of a put is not chosen yet. */
    FaultTarget faultTarget() {
        boolean hasShard = !item.isEmpty() && item.chars().allMatch(Character::isDigit) && item.length() < 10;
        return new FaultTarget(
                operation,
                project,
                logstore,
                hasShard && namesShard() ? OptionalInt.of(Integer.parseInt(item)) : OptionalInt.empty(),
                operation == Operation.PUT_LOGS ? new Groups(request) : FaultTarget.Put.NONE);
    }

    private record Groups(Request request) implements FaultTarget.Put {

        @Override
        public boolean isList() {
            return PutBody.isList(request);
        }

        @Override
        public List<byte[]> groups() {
            try {
                return request.unreadable() == null ? PutBody.groups(request) : List.of();
            } catch (Refusal notReadable) {
                return List.of();
            }
        }
    }

    private boolean namesShard() {
        return switch (operation) {
            case PULL_LOGS, GET_CURSOR, GET_CURSOR_TIME, SPLIT_SHARD, MERGE_SHARDS -> true;
            default -> false;
        };
    }

    /** A whole number in the query, or a default. */
    int number(String parameter, int otherwise) {
        String text = request.parameter(parameter);
        if (text == null) {
            return otherwise;
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException notANumber) {
            throw new Refusal(ErrorCode.PARAMETER_INVALID, "parameter " + parameter + " " + text + " is not a number");
        }
    }
}

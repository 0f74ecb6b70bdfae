package io.slsdispatch.local.service;

import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The part of a list that a call asks for with {@code offset} and {@code size}; a negative size asks for all. */
record Paging(int offset, int size) {

    private static final int DEFAULT_SIZE = 500;

    static Paging of(Call call) {
        int offset = call.number("offset", 0);
        if (offset < 0) {
            throw new Refusal(ErrorCode.PARAMETER_INVALID, "offset " + offset + " is negative");
        }
        return new Paging(offset, call.number("size", DEFAULT_SIZE));
    }

    /** The response: the requested part, its size, and the size of the whole list. */
    Map<String, Object> page(String name, List<?> all) {
        int from = Math.min(offset, all.size());
        int to = size < 0 ? all.size() : (int) Math.min((long) from + size, all.size());
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("count", to - from);
        page.put("total", all.size());
        page.put(name, all.subList(from, to));
        return page;
    }
}

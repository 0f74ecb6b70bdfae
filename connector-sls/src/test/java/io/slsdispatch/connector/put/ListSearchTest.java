package io.slsdispatch.connector.put;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListSearchTest {

    /** What was settled in which way, and with how many requests. */
    private record Result(List<Integer> accepted, List<Integer> rejected, int requests) {}

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 499, 500, 998, 999})
    void findsOneBadGroupAmongAThousandWithFewRequests(int bad) {
        Result result = send(1000, Set.of(bad));

        assertThat(result.rejected()).containsExactly(bad);
        assertThat(result.requests()).isLessThan(40);
    }

    @Property(tries = 500)
    void settlesEachGroupOnceAndInOrder(@ForAll long seed, @ForAll @IntRange(min = 1, max = 300) int groups) {
        Random random = new Random(seed);
        List<Integer> all = new ArrayList<>(IntStream.range(0, groups).boxed().toList());
        Collections.shuffle(all, random);
        Set<Integer> bad = all.stream().limit(random.nextInt(groups + 1)).collect(Collectors.toSet());

        Result result = send(groups, bad);

        assertThat(result.rejected())
                .containsExactlyElementsOf(bad.stream().sorted().toList());
        assertThat(result.accepted()).hasSize(groups - bad.size()).isSorted();
        assertThat(result.requests()).isLessThan(3 * groups + 12);
    }

    @Test
    void theRestOfAListWhoseFailureHasPassedTakesFewRequests() {
        ListSearch search = new ListSearch(1000);
        search.probe();
        int requests = 0;
        while (search.remaining() > 0) {
            search.accepted();
            requests++;
        }

        assertThat(requests).isLessThan(20);
    }

    private static Result send(int groups, Set<Integer> bad) {
        Result result = new Result(new ArrayList<>(), new ArrayList<>(), 0);
        ListSearch search = new ListSearch(groups);
        int first = 0;
        int requests = 0;
        while (search.remaining() > 0) {
            requests++;
            int part = search.part();
            List<Integer> sent = IntStream.range(first, first + part).boxed().toList();
            if (Collections.disjoint(sent, bad)) {
                result.accepted().addAll(sent);
                search.accepted();
                first += part;
            } else if (part == 1) {
                result.rejected().addAll(sent);
                search.removedFirst();
                first++;
            } else {
                search.halve();
            }
        }
        return new Result(result.accepted(), result.rejected(), requests);
    }
}

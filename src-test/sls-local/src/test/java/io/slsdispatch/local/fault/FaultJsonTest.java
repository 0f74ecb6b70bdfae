package io.slsdispatch.local.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults as JSON. */
class FaultJsonTest {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String SUBJECT = ", 'project': 'p', 'logstore': 'l', 'shard': 2}";

    /** One of each effect. */
    private static final String[] EACH = {
        "{'effect': 'delay', 'millis': 5, 'jitterMillis': 7, 'when': 'before'}",
        "{'effect': 'late-write', 'millis': 5, 'jitterMillis': 7}",
        "{'effect': 'slow-head', 'bytesPerSecond': 10}",
        "{'effect': 'endless', 'part': 'trailers', 'bytesPerSecond': 10, 'when': 'after'}",
        "{'effect': 'bandwidth', 'bytesPerSecond': 1000}",
        "{'effect': 'hang', 'when': 'after'}",
        "{'effect': 'error', 'code': 'Any', 'status': 418, 'message': 'text', 'when': 'after'}",
        "{'effect': 'answer', 'status': 404, 'body': '', 'contentType': 'text/plain', 'requestId': true, 'when': 'after'}",
        "{'effect': 'reset', 'when': 'after'}",
        "{'effect': 'truncate', 'keep': 3, 'lengthMatches': true}",
        "{'effect': 'corrupt'}",
        "{'effect': 'header', 'name': 'x-log-count', 'value': '7'}",
        "{'effect': 'header', 'name': 'x-log-cursor', 'value': ''}",
        "{'effect': 'header-plus', 'name': 'x-log-count', 'plus': -1}",
        "{'effect': 'quota', 'per': 'project', 'bytes': 5, 'calls': 6, 'windowMillis': 7}",
        "{'effect': 'expired-cursor', 'answer': 'moved'}",
        "{'effect': 'clock-skew', 'millis': -5}",
        "{'effect': 'revoke', 'accessKeyId': 'ak'}",
        "{'effect': 'shard-list', 'answer': 'partial', 'omit': [1, 2]}",
        "{'effect': 'shard-list', 'answer': 'stale', 'agoMillis': 3000}",
        "{'effect': 'cursor', 'of': 'time', 'behind': 1, 'spelling': 'newline'}",
        "{'effect': 'hole', 'size': 3, 'maxSize': 1000000000000000, 'when': 'after'" + SUBJECT,
        "{'effect': 'split', 'children': 3, 'when': 'after'" + SUBJECT,
        "{'effect': 'merge', 'when': 'before'" + SUBJECT,
        "{'effect': 'trim', 'groups': 4, 'when': 'before'" + SUBJECT,
        "{'effect': 'append', 'group': 'AQI=', 'when': 'after'" + SUBJECT,
        "{'effect': 'delete-logstore', 'when': 'before', 'project': 'p', 'logstore': 'l'}",
        "{'effect': 'recreate-logstore', 'shards': 9, 'when': 'before', 'project': 'p', 'logstore': 'l'}"
    };

    private static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode written(Fault fault) {
        return MAPPER.valueToTree(FaultJson.write(new Faults.View(1, fault, Fault.Phase.ON, 0)));
    }

    @Test
    void everyEffectIsWrittenAsItIsRead() throws IOException {
        Set<String> effects = EffectFormats.ALL.stream().map(EffectFormat::name).collect(Collectors.toSet());
        for (String json : EACH) {
            JsonNode node = MAPPER.readTree(bytes(json));
            effects.remove(node.get("effect").asText());
            ObjectNode written = written(FaultJson.read(bytes(json)));
            node.properties().forEach(field -> assertThat(written.get(field.getKey()))
                    .as(json)
                    .hasToString(field.getValue().toString()));
        }
        assertThat(effects).as("effects without an example").isEmpty();
    }

    @Test
    void scopeAndScheduleAreWrittenAsTheyAreRead() {
        ObjectNode written = written(FaultJson.read(bytes("{'effect': 'reset', 'operation': 'putlogs', 'project': 'p', "
                + "'logstore': 'l', 'shard': 3, 'probability': 0.5, 'skip': 1, 'count': 2, 'startAfterMillis': 3, "
                + "'endAfterMillis': 4}")));
        assertThat(written)
                .hasToString(new String(
                        bytes("{'id':1,'effect':'reset','when':'before','operation':'PutLogs','project':'p',"
                                + "'logstore':'l','shard':3,'probability':0.5,'skip':1,'count':2,'startAfterMillis':3,"
                                + "'endAfterMillis':4,'phase':'on','struck':0}"),
                        StandardCharsets.UTF_8));
    }

    @Test
    void whichPutsAreMeantIsWrittenAsItIsRead() throws IOException {
        String json = "{'effect': 'reset', 'list': false, 'topic': '', 'digest': '00000000000000010000000000000002'}";
        ObjectNode written = written(FaultJson.read(bytes(json)));
        MAPPER.readTree(bytes(json)).properties().forEach(field -> assertThat(written.get(field.getKey()))
                .isEqualTo(field.getValue()));
    }

    @Test
    void anEventHappensOnceUnlessItsCountSaysOtherwise() {
        String merge = "{'effect': 'merge', 'project': 'p', 'logstore': 'l', 'shard': 2";
        assertThat(FaultJson.read(bytes(merge + "}")).schedule().count()).hasValue(1);
        assertThat(FaultJson.read(bytes(merge + ", 'count': 5}")).schedule().count())
                .hasValue(5);
    }

    @Test
    void theStatusOfAKnownCodeIsItsUsualOne() {
        assertThat(((Effect.Refuse) FaultJson.read(bytes("{'effect': 'error', 'code': 'WriteQuotaExceed'}"))
                                .effect())
                        .status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nothing                                                   | not JSON
            {"effect": "reset"} {}                                    | not JSON
            7                                                         | expected a JSON object
            {}                                                        | 'effect' is missing, expected one of [delay
            {"effect": "dealy"}                                       | 'effect' is "dealy", expected one of [delay
            {"effect": "delay", "millis": "5"}                        | 'millis' is "5", expected an integer of at least 0
            {"effect": "delay", "millis": 1.5}                        | 'millis' is 1.5, expected an integer
            {"effect": "hang", "when": "later"}                       | 'when' is "later", expected one of [before, after]
            {"effect": "error"}                                       | 'code' is missing
            {"effect": "error", "code": "X", "status": 999}           | 'status' is 999
            {"effect": "answer", "status": 100}                       | 'status' is 100
            {"effect": "answer", "status": 600}                       | 'status' is 600, expected an HTTP status from 200
            {"effect": "answer", "body": 7}                           | 'body' is 7, expected a string
            {"effect": "reset", "digest": "12"}                       | 'digest' is '12', expected 32 hexadecimal digits
            {"effect": "reset", "list": "yes"}                        | 'list' is "yes", expected true or false
            {"effect": "quota"}                                       | fields 'bytes' and 'calls' are missing, expected at least one
            {"effect": "shard-list"}                                  | 'answer' is missing
            {"effect": "shard-list", "answer": "stale", "omit": 1}    | 'omit' is 1, expected an array of shard ids
            {"effect": "shard-list", "answer": "partial", "agoMillis": 1} | 'agoMillis' is allowed only with answer 'stale'
            {"effect": "cursor", "behind": -1}                        | 'behind' is -1, expected an integer of at least 0
            {"effect": "cursor", "of": "pull", "spelling": "newline"} | which is not allowed with of=pull
            {"effect": "late-write", "millis": -1}                    | 'millis' is -1
            {"effect": "endless"}                                     | 'part' is missing, expected interim, line, head
            {"effect": "slow-head", "bytesPerSecond": 0}              | 'bytesPerSecond' is 0
            {"effect": "hole"}                                        | 'size' is missing
            {"effect": "hole", "size": 5, "maxSize": 4}               | expected 1 <= size <= maxSize <= 1000000000000000
            {"effect": "hole", "size": 1000000000000001}              | expected 1 <= size <= maxSize
            {"effect": "truncate", "lengthMatches": "yes"}            | 'lengthMatches' is "yes", expected true or false
            {"effect": "append", "group": "%", "project": "p"}        | 'group' is "%", expected base64
            {"effect": "split", "project": "p"}                       | 'logstore' is missing: an event applies
            {"effect": "merge", "project": "p", "logstore": "l"}      | 'shard' is missing: this event applies
            {"effect": "reset", "operation": "Put"}                   | 'operation' is 'Put', expected one of [CreateProject
            {"effect": "reset", "shard": -1}                          | 'shard' is -1
            {"effect": "reset", "count": 0}                           | 'count' is 0, expected an integer of at least 1
            {"effect": "reset", "endAfterMillis": 0}                  | 'endAfterMillis' is 0, expected more than
            {"effect": "reset", "logStore": "l"}                      | 'logStore' is unknown, expected one of effect, when, operation
            """)
    void whatIsWrongIsNamed(String json, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FaultJson.read(json.getBytes(StandardCharsets.UTF_8)))
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'effect': 'hang'}",
                "{'effect': 'merge', 'operation': 'PutLogs'" + SUBJECT,
                "{'effect': 'merge'}"
            })
    void whatIsNoEventIsRefusedAsOne(String json) {
        assertThatIllegalArgumentException().isThrownBy(() -> FaultJson.readEvent(bytes(json)));
    }
}

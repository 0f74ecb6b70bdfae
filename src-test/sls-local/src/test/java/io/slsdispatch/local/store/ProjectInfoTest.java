package io.slsdispatch.local.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProjectInfoTest {

    @Test
    void readsTheRecordOfABuildThatHadNoSettingsOfProjects() {
        ProjectInfo read =
                Json.read("{\"name\":\"a-project\",\"description\":\"d\",\"createdSecond\":86400}", ProjectInfo.class);
        assertThat(read.toJson(false))
                .containsEntry("description", "d")
                .containsEntry("createTime", "1970-01-02 00:00:00")
                .containsEntry("lastModifyTime", "1970-01-02 00:00:00")
                .containsEntry("dataRedundancyType", "LRS")
                .doesNotContainKey("quota");
        assertThat(Json.read(Json.write(read), ProjectInfo.class)).isEqualTo(read);
    }
}

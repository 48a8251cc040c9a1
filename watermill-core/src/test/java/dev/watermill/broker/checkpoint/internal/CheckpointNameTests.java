package dev.watermill.broker.checkpoint.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import dev.watermill.broker.LaneId;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CheckpointName}.
 */
class CheckpointNameTests {

	@Test
	void isTheNameOfTheMillWhereEveryFileSystemCanWriteIt() {
		assertThat(CheckpointName.of(new LaneId("robot-speed.v2", 0))).isEqualTo("robot-speed.v2");
	}

	@Test
	void keepsAllMillsAndLanesApart() {
		String prefix = "x".repeat(300);
		List<LaneId> owners = Stream
			.of("温度", "湿度", "__", "a/b", "a\\b", "a_b", "a b", "Robot", "robot", "ROBOT", "é", "e\u0301", "\ud800",
					"\udc00", "", ".", "..", "speed", "speed-1", "speed~1", prefix + "a", prefix + "b")
			.flatMap((mill) -> Stream.of(new LaneId(mill, 0), new LaneId(mill, 1), new LaneId(mill, 11)))
			.toList();
		Map<String, LaneId> names = new HashMap<>();
		for (LaneId owner : owners) {
			// as a file system without upper case would have it
			String name = CheckpointName.of(owner).toLowerCase(Locale.ROOT);
			assertThat(names.put(name, owner)).as("%s as %s", owner, name).isNull();
			assertThat(name).as(owner.toString()).matches("[a-z0-9._~-]{1,120}");
		}
	}

}

package dev.watermill;

import java.nio.file.Path;
import java.util.Map;

import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.delivery.Input;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What is forgotten or mistaken by who builds a mill by hand is told before it runs.
 */
class MillBuilderTests {

	private final JsonFileBroker files = JsonFileBroker.builder(new JsonMapper()).build();

	private final MillBuilder builder = Mill.builder("mill");

	@TempDir
	private Path directory;

	private Input<Integer> master;

	@BeforeEach
	void readMaster() {
		this.master = this.builder.from(file("m", Integer.class), this.files);
	}

	private <T> StreamDefinition<T> file(String stream, Class<T> type) {
		return new StreamDefinition<>(stream, type,
				Map.of(JsonFileBroker.FILE_PROPERTY, this.directory.resolve(stream + ".jsonl").toString()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " " })
	void refusesAMillWithoutAName(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> Mill.builder(name)).withMessageContaining("name");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void refusesAJoinThatIsNotFinished(boolean withCondition) {
		JoinCondition<Integer, Integer> join = this.builder.join(this.master, file("s", Integer.class), this.files);
		if (withCondition) {
			join.onLong((left) -> left, (right) -> right);
		}
		this.builder.forEach((delivery) -> {
		});
		assertThatIllegalArgumentException().isThrownBy(this.builder::build)
			.withMessageContainingAll("'mill'", "unfinished join of 's'");
		join.onLong((left) -> left, (right) -> right).many();
		this.builder.build();
	}

	@Test
	void refusesAParentOfAnotherMill() {
		MillBuilder other = Mill.builder("other");
		other.from(file("o", Integer.class), this.files);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> other.join(this.master, file("s", Integer.class), this.files))
			.withMessageContainingAll("'other'", "'s'", "'m'", "no input of its own");
	}

	@Test
	void refusesTwoOutputsOfOneNameOrOneType() {
		this.builder.process((delivery) -> delivery.get(this.master));
		this.builder.to(file("a", Integer.class), Integer.class, this.files);
		this.builder.to(file("b", Integer.class), Integer.class, this.files);
		assertThatIllegalArgumentException().isThrownBy(this.builder::build)
			.withMessageContainingAll("'a' and 'b'", "one type, java.lang.Integer");
		MillBuilder named = Mill.builder("named");
		Input<Integer> input = named.from(file("m", Integer.class), this.files);
		named.process((delivery) -> delivery.get(input));
		named.to(file("a", Integer.class), Integer.class, this.files);
		named.to(new StreamDefinition<>("a", String.class, file("b", String.class).properties()), String.class,
				this.files);
		assertThatIllegalArgumentException().isThrownBy(named::build)
			.withMessageContaining("two output streams of the name 'a'");
	}

}

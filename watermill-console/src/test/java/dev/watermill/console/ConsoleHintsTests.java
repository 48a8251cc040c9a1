package dev.watermill.console;

import org.junit.jupiter.api.Test;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.annotation.MergedAnnotations;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConsoleHints}.
 */
class ConsoleHintsTests {

	@Test
	void aNativeImageHasAllFilesOfTheConsole() {
		RuntimeHints hints = new RuntimeHints();
		new ConsoleHints().registerHints(hints, null);
		assertThat(ConsoleFile.assets()).extracting(ConsoleFile::name)
			.hasSizeGreaterThan(5)
			.allSatisfy(
					(name) -> assertThat(RuntimeHintsPredicates.resource().forResource("dev/watermill/console/" + name))
						.accepts(hints));
		assertThat(RuntimeHintsPredicates.resource().forResource("dev/watermill/console/console.html")).accepts(hints);
		assertThat(MergedAnnotations.from(WaterMillConsoleAutoConfiguration.class)
			.get(ImportRuntimeHints.class)
			.getClassArray("value")).containsExactly(ConsoleHints.class);
	}

}

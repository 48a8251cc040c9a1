package dev.watermill.spring.diagnostics;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.watermill.spring.FromStream;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidKeyExpressionException;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidMillException;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidPropertyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the author of an application reads about mistakes in what is to be done with
 * elements as they arrive.
 */
class ArrivalFailureTests {

	@TempDir
	private Path directory;

	private ConfigurationFailures.Explained start(String... more) {
		Path in = MillsRunner.write(this.directory.resolve("a.jsonl"), "{\"time\":1,\"name\":\"one\"}");
		List<String> settings = new ArrayList<>(List.of("watermill.streams.a.file=" + in,
				"watermill.streams.b.file=" + this.directory.resolve("b.jsonl")));
		settings.addAll(List.of(more));
		return new ConfigurationFailures(this.directory).with(settings.toArray(new String[0])).start(Copy.class);
	}

	@Test
	void refusesWhatCanNotBe() {
		start("watermill.streams.a.reorder.by=time").by(InvalidPropertyException.class)
			.describes("The property watermill.streams.a.reorder has no 'within'")
			.advises("Set watermill.streams.a.reorder.within, or remove watermill.streams.a.reorder.");
		start("watermill.streams.a.reorder.within=3").by(InvalidPropertyException.class)
			.describes("The property watermill.streams.a.reorder has no 'by'");
		start("watermill.streams.a.max-step.by=time").by(InvalidPropertyException.class)
			.describes("The property watermill.streams.a.max-step has no 'step'");
		start("watermill.streams.a.reorder.by=tme", "watermill.streams.a.reorder.within=3")
			.by(InvalidKeyExpressionException.class)
			.describes("The key of watermill.streams.a.reorder.by in the mill 'copy', 'tme' over Element")
			.advises("watermill.streams.a.reorder.by");
		for (String none : List.of("soon", "-3", "-3s", "1e99999999")) {
			start("watermill.streams.a.reorder.by=time", "watermill.streams.a.reorder.within=" + none)
				.by(InvalidPropertyException.class)
				.describes("The property watermill.streams.a.reorder.within is " + none)
				.advises("a number that is not negative, in the units of the key, or to a duration such as 30s");
		}
		start("watermill.streams.a.reorder.by=time", "watermill.streams.a.reorder.within=3s")
			.by(InvalidPropertyException.class)
			.describes("'time' is a number, but PT3S is a time")
			.advises("Correct watermill.streams.a.reorder.within, or the key.");
		start("watermill.streams.a.reorder.by=name", "watermill.streams.a.reorder.within=3")
			.by(InvalidPropertyException.class)
			.describes("'name' is a text, and nothing says how far two of those are from each other");
		start("watermill.streams.a.max-step=1d").by(InvalidMillException.class)
			.describes("max-step of the stream 'a' doesn't say of which key: no key is on it");
		start("watermill.streams.a.max-reorder-size=0").by(InvalidPropertyException.class)
			.describes("The property watermill.streams.a.max-reorder-size is 0.");
		start("watermill.mills.copy.max-bad-rate=2").by(InvalidPropertyException.class)
			.describes("The property watermill.mills.copy.max-bad-rate is 2.0.")
			.advises("a share from 0 to 1");
	}

	record Element(int time, String name) {

	}

	static class Copy {

		@WaterMillProcessor("copy")
		@ToStream("b")
		Element copy(@FromStream("a") Element element) {
			return element;
		}

	}

}

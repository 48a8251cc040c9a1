package dev.watermill.spring.diagnostics;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.watermill.spring.AsOf;
import dev.watermill.spring.FromStream;
import dev.watermill.spring.JoinOn;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.Within;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidJoinException;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidKeyExpressionException;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidMillException;
import dev.watermill.spring.diagnostics.MillConfigurationException.UnknownPropertyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the author of a processor reads about joins of other kinds than by equal keys.
 */
class JoinKindFailureTests {

	private static final String JOIN = "watermill.mills.mill.joins.quote.";

	@TempDir
	private Path directory;

	private ConfigurationFailures.Explained start(Class<?> processor, String... more) {
		Path trades = MillsRunner.write(this.directory.resolve("trade.jsonl"), "{\"time\":1,\"symbol\":\"A\"}");
		Path quotes = MillsRunner.write(this.directory.resolve("quote.jsonl"), "{\"time\":1,\"symbol\":\"A\"}");
		List<String> settings = new ArrayList<>(
				List.of("watermill.streams.trade.file=" + trades, "watermill.streams.quote.file=" + quotes));
		settings.addAll(List.of(more));
		return new ConfigurationFailures(this.directory).with(settings.toArray(new String[0])).start(processor);
	}

	@Test
	void refusesSignaturesThatDoNotFitTheKind() {
		start(AsOfList.class).by(InvalidJoinException.class)
			.describes("has @AsOf, which gives one match, on its argument 'quotes'")
			.advises("Map<P, JoinKindFailureTests.Row>");
		start(WithinOne.class).by(InvalidJoinException.class)
			.describes("has @Within, which gives all matches, on its argument 'quote'")
			.advises("Make it a List<JoinKindFailureTests.Row>.");
		start(Both.class).by(InvalidJoinException.class).describes("has both @AsOf and @Within");
		start(OptionalOne.class).by(InvalidJoinException.class)
			.describes("has @JoinOn(optional = true) on its argument 'quote'")
			.advises("Make it a Optional<JoinKindFailureTests.Row>.");
		for (Class<?> container : List.of(OptionalList.class, SetOfAll.class)) {
			start(container).describes("which are no elements of a stream")
				.advises("for all a List<C> or a Map<P, List<C>>, which may be empty with @JoinOn(optional = true)");
		}
		start(AsOfMaster.class).describes("it is the master").advises("Remove @JoinOn, @AsOf and @Within from it");
		start(TooManyEqualities.class).by(InvalidJoinException.class)
			.describes("has by and byLeft or byRight on its")
			.advises("Keep by alone");
	}

	@Test
	void refusesDistancesThatAreNone() {
		start(Last.class, JOIN + "tolerance=soon").by(InvalidJoinException.class)
			.describes("The join of 'quote' to 'trade' in the mill 'mill' has the distance 'tolerance' soon")
			.advises("such as 5s, in " + JOIN + "tolerance.");
		start(Last.class, JOIN + "tolerance=-1").by(InvalidJoinException.class).describes("'tolerance' -1");
		start(Last.class, JOIN + "tolerance=5s").by(InvalidMillException.class)
			.describes("the tolerance is a duration, PT5S, but the key 'time' is a number");
		start(Last.class, JOIN + "left=symbol", JOIN + "right=symbol").by(InvalidMillException.class)
			.describes("the left key 'symbol' is a text, and nothing says how far two of these are apart");
	}

	@Test
	void settingsChangeKeysButNotKinds() {
		start(Equal.class, JOIN + "tolerance=5").by(InvalidJoinException.class)
			.describes("The property " + JOIN + "tolerance is set", "the signature the kind of a join")
			.advises("Put @AsOf on the argument");
		for (String kind : List.of("direction=forward", "exact=false", "optional=true", "as-of.tolerance=5")) {
			start(Last.class, JOIN + kind).by(UnknownPropertyException.class)
				.advises("Settings change keys, and the signature the kind of a join",
						"remove " + JOIN + kind.substring(0, kind.indexOf('=')));
		}
		start(Last.class, JOIN + "before=5").by(InvalidJoinException.class).advises("Put @Within on the argument");
		start(Last.class, JOIN + "by=symbol", JOIN + "by-left=symbol").by(InvalidJoinException.class)
			.advises("Keep by alone");
		start(Last.class, JOIN + "by-left=symbol").by(InvalidJoinException.class).describes("of one side only");
		start(Last.class, JOIN + "by=smbol").by(InvalidKeyExpressionException.class)
			.describes("What has to be equal at the join of 'quote' to 'trade'")
			.advises("Did you mean 'symbol'?", "The key comes from " + JOIN + "by.");
		start(Next.class, JOIN + "by=symbol").by(InvalidMillException.class)
			.describes("has no end without a tolerance");
	}

	record Row(int time, String symbol) {

	}

	@WaterMillProcessor("mill")
	static class AsOfList {

		void process(@FromStream("trade") Row trade,
				@FromStream("quote") @JoinOn("time") @AsOf Map<Row, List<Row>> quotes) {
		}

	}

	@WaterMillProcessor("mill")
	static class WithinOne {

		void process(@FromStream("trade") Row trade, @FromStream("quote") @JoinOn("time") @Within Row quote) {
		}

	}

	@WaterMillProcessor("mill")
	static class OptionalList {

		void process(@FromStream("trade") Row trade, @FromStream("quote") @JoinOn("time") Optional<List<Row>> quotes) {
		}

	}

	@WaterMillProcessor("mill")
	static class SetOfAll {

		void process(@FromStream("trade") Row trade, @FromStream("quote") @JoinOn("time") Map<Row, Set<Row>> quotes) {
		}

	}

	@WaterMillProcessor("mill")
	static class AsOfMaster {

		void process(@FromStream("trade") @AsOf Row trade, @FromStream("quote") @JoinOn("time") Row quote) {
		}

	}

	@WaterMillProcessor("mill")
	static class Both {

		void process(@FromStream("trade") Row trade, @FromStream("quote") @JoinOn("time") @AsOf @Within Row quote) {
		}

	}

	@WaterMillProcessor("mill")
	static class OptionalOne {

		void process(@FromStream("trade") Row trade,
				@FromStream("quote") @JoinOn(value = "time", optional = true) Row quote) {
		}

	}

	@WaterMillProcessor("mill")
	static class TooManyEqualities {

		void process(@FromStream("trade") Row trade,
				@FromStream("quote") @JoinOn("time") @AsOf(by = "symbol", byLeft = "symbol") Row quote) {
		}

	}

	@WaterMillProcessor("mill")
	static class Last {

		void process(@FromStream("trade") Row trade, @FromStream("quote") @JoinOn("time") @AsOf Optional<Row> quote) {
		}

	}

	@WaterMillProcessor("mill")
	static class Next {

		void process(@FromStream("trade") Row trade,
				@FromStream("quote") @JoinOn("time") @AsOf(direction = AsOf.Direction.FORWARD) Row quote) {
		}

	}

	@WaterMillProcessor("mill")
	static class Equal {

		void process(@FromStream("trade") Row trade, @FromStream("quote") @JoinOn("time") Optional<Row> quote) {
		}

	}

}

package dev.watermill.broker.kafka;

import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;

import dev.watermill.MillBuilder;
import dev.watermill.delivery.Delivery;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinMany;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;

/**
 * The mills that are disturbed: what each one reads and has to write is known from a
 * number, so nothing needs to be kept to check it.
 */
enum MillShape {

	/** Each element with the one that follows. */
	SELF_JOIN("now", "next") {

		@Override
		long size(String stream, long elements) {
			return elements;
		}

		@Override
		Element element(String stream, long i) {
			return new Element(10 * i, i);
		}

		@Override
		long results(long elements) {
			return elements - 1;
		}

		@Override
		Result result(long i) {
			return new Result(10 * i, 1, i + (i + 1));
		}

		@Override
		int elementsOfResult() {
			return 2;
		}

		@Override
		Function<Delivery, Result> function(MillBuilder builder, MillSetup setup) {
			Input<Element> now = builder.from(setup.input("now"), setup.broker("now"));
			JoinMany<Element, Element> next = builder.join(now, setup.input("next"), setup.broker("next"))
				.onLong((element) -> element.key() + 10, Element::key)
				.many();
			return (delivery) -> {
				Element one = delivery.get(now);
				List<Element> others = delivery.get(next).get(one);
				return new Result(one.key(), others.size(), one.id() + others.get(0).id());
			};
		}

	},

	/** Four elements each. */
	ONE_TO_MANY("order", "line") {

		@Override
		long size(String stream, long elements) {
			return stream.equals("order") ? elements / 5 : elements / 5 * 4;
		}

		@Override
		Element element(String stream, long i) {
			return new Element(stream.equals("order") ? i : i / 4, i);
		}

		@Override
		long results(long elements) {
			return elements / 5;
		}

		@Override
		Result result(long i) {
			return new Result(i, 4, 4 * (4 * i) + 6);
		}

		@Override
		int elementsOfResult() {
			return 4;
		}

		@Override
		Function<Delivery, Result> function(MillBuilder builder, MillSetup setup) {
			Input<Element> order = builder.from(setup.input("order"), setup.broker("order"));
			JoinMany<Element, Element> line = builder.join(order, setup.input("line"), setup.broker("line"))
				.onLong(Element::key, Element::key)
				.many();
			return (delivery) -> Result.of(delivery.get(line).get(delivery.get(order)));
		}

	},

	/** Ten elements in a window. */
	WINDOW("reading") {

		@Override
		long size(String stream, long elements) {
			return elements;
		}

		@Override
		Element element(String stream, long i) {
			return new Element(i / 10, i);
		}

		@Override
		long results(long elements) {
			return elements / 10;
		}

		@Override
		Result result(long i) {
			return new Result(i, 10, 10 * (10 * i) + 45);
		}

		@Override
		int elementsOfResult() {
			return 10;
		}

		@Override
		Function<Delivery, Result> function(MillBuilder builder, MillSetup setup) {
			Input<Element> reading = builder.from(setup.input("reading"), setup.broker("reading"));
			builder.windowBy(KeyFunction.<Element>ofLong("key", Element::key));
			return (delivery) -> Result.of(delivery.window(reading));
		}

	},

	/**
	 * Thirty elements in a window, each in three of them; of smaller ones comes nothing.
	 */
	HOPPING("reading") {

		private static final int SIZE = 30;

		private static final int STEP = 10;

		@Override
		long size(String stream, long elements) {
			return elements / STEP * STEP;
		}

		@Override
		Element element(String stream, long i) {
			return new Element(i, i);
		}

		@Override
		long results(long elements) {
			return elements / STEP - 2;
		}

		@Override
		Result result(long i) {
			return new Result(STEP * i, SIZE, SIZE * STEP * i + 435);
		}

		@Override
		int elementsOfResult() {
			return SIZE;
		}

		@Override
		Function<Delivery, Result> function(MillBuilder builder, MillSetup setup) {
			Input<Element> reading = builder.from(setup.input("reading"), setup.broker("reading"));
			builder.windowBy(KeyFunction.<Element>ofLong("key", Element::key), KeySpan.of(SIZE), KeySpan.of(STEP));
			return (delivery) -> {
				List<Element> window = delivery.window(reading);
				return (window.size() == SIZE) ? Result.of(window) : null;
			};
		}

	};

	/** By how much the ids of a lane are above those of the one before. */
	private static final long LANE = 1_000_000_000_000L;

	private final List<String> inputs;

	MillShape(String... inputs) {
		this.inputs = List.of(inputs);
	}

	/**
	 * The names of the streams, the master first.
	 */
	List<String> inputs() {
		return this.inputs;
	}

	String master() {
		return this.inputs.get(0);
	}

	/**
	 * Where a stream lives: both sides of a self-join at one place.
	 */
	String place(String stream) {
		return stream.equals("next") ? "now" : stream;
	}

	/**
	 * How many elements a stream has if there are so many altogether.
	 */
	abstract long size(String stream, long elements);

	abstract Element element(String stream, long i);

	abstract long results(long elements);

	abstract Result result(long i);

	/**
	 * The elements of the master that a result is made of.
	 */
	LongStream elementsOfMaster(long result) {
		return switch (this) {
			case WINDOW, HOPPING -> LongStream.range(10 * result, 10 * result + elementsOfResult());
			case SELF_JOIN, ONE_TO_MANY -> LongStream.of(result);
		};
	}

	/**
	 * How many elements a result is the sum of.
	 */
	abstract int elementsOfResult();

	/**
	 * The element of a lane: of the same key in all lanes, and of another id, so that a
	 * result tells whether all that it was made of is of one lane.
	 */
	Element element(int lane, String stream, long i) {
		Element element = element(stream, i);
		return new Element(element.key(), element.id() + lane * LANE);
	}

	Result result(int lane, long i) {
		Result result = result(i);
		return new Result(result.key(), result.count(), result.sum() + elementsOfResult() * lane * LANE);
	}

	/**
	 * Which result it is, whatever lane it is of.
	 */
	long number(Result result) {
		return (this == SELF_JOIN || this == HOPPING) ? result.key() / 10 : result.key();
	}

	/**
	 * Add the inputs to a mill.
	 * @return its function
	 */
	abstract Function<Delivery, Result> function(MillBuilder builder, MillSetup setup);

	record Element(long key, long id) {

	}

	record Result(long key, long count, long sum) {

		static Result of(List<Element> elements) {
			return new Result(elements.get(0).key(), elements.size(), elements.stream().mapToLong(Element::id).sum());
		}

	}

	/**
	 * The same result for another output.
	 */
	record Copy(long key, long sum) {

		static Copy of(Result result) {
			return new Copy(result.key(), result.sum());
		}

	}

}

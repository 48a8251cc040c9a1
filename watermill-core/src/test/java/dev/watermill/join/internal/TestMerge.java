package dev.watermill.join.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.LaneId;
import dev.watermill.count.internal.NodeCounters;
import dev.watermill.join.JoinKind;
import dev.watermill.join.JoinNode;
import dev.watermill.join.JoinTree;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.Position;
import dev.watermill.stream.SkipReason;
import org.jspecify.annotations.Nullable;

/**
 * Drives a merge without an engine, over streams in memory, and says by nested loops what
 * comes out of it.
 */
final class TestMerge {

	private final List<Stream> streams = new ArrayList<>();

	private int batchSize = 1;

	/** Which key of the master makes windows, -1 if there are none. */
	private int windowKey = -1;

	private boolean primitive = true;

	/** Which deliveries fail, by their numbers. */
	private IntPredicate failing = (delivery) -> false;

	/**
	 * What was delivered, and where the streams were to be taken up again at each step.
	 */
	final List<String> deliveries = new ArrayList<>();

	final List<Step> steps = new ArrayList<>();

	/** The deliveries as they were when the merge had gone on. */
	private final List<Matches> frozen = new ArrayList<>();

	final Map<String, NodeCounters> counters = new LinkedHashMap<>();

	/**
	 * Add a stream, the master first.
	 * @param name its name, by which its elements are shown
	 * @param parent the name of its parent, {@code null} for the master
	 * @param leftKey the number of the parent's key
	 * @param take how many matches are asked for; those are the ones with the same first
	 * key
	 * @param keys the keys of each element
	 */
	TestMerge stream(String name, @Nullable String parent, int leftKey, JoinNode.Take take, int[]... keys) {
		return stream(name, parent, leftKey, take, JoinKind.EQUAL, false, keys);
	}

	/**
	 * Add a stream that is joined in any way; what has to be equal besides is the number
	 * of the second key, odd or even.
	 */
	TestMerge stream(String name, @Nullable String parent, int leftKey, JoinNode.Take take, JoinKind kind,
			boolean optional, int[]... keys) {
		List<Row> rows = new ArrayList<>();
		for (int i = 0; i < keys.length; i++) {
			rows.add(new Row(name + i, keys[i]));
		}
		this.streams.add(new Stream(name, (parent != null) ? index(parent) : -1, leftKey, take, rows, kind, optional));
		return this;
	}

	private int index(String name) {
		return this.streams.stream().map(Stream::name).toList().indexOf(name);
	}

	TestMerge batchSize(int size) {
		this.batchSize = size;
		return this;
	}

	TestMerge windowBy(int key) {
		this.windowKey = key;
		return this;
	}

	TestMerge objects() {
		this.primitive = false;
		return this;
	}

	TestMerge failing(IntPredicate deliveriesThatFail) {
		this.failing = deliveriesThatFail;
		return this;
	}

	private KeyFunction<Row> key(int number) {
		return this.primitive ? KeyFunction.ofLong("k" + number, (row) -> row.keys()[number])
				: KeyFunction.ofObject("k" + number, Object.class, (row) -> "k" + (char) ('a' + row.keys()[number]));
	}

	private JoinTree tree() {
		List<JoinNode> nodes = new ArrayList<>();
		for (Stream stream : this.streams) {
			boolean master = stream.parent() < 0;
			nodes.add(new JoinNode(stream.name(), new TestStream(this.batchSize, stream.rows().toArray()),
					stream.parent(), master ? null : key(stream.leftKey()), master ? null : key(0), stream.take(),
					ErrorPolicy.FAIL, ErrorPolicy.FAIL, ErrorPolicy.FAIL)
				.joinedAs(stream.kind(), stream.optional()));
		}
		return new JoinTree(nodes, (this.windowKey >= 0) ? key(this.windowKey) : null, false, 100);
	}

	/**
	 * Merge to the end.
	 * @param from where the streams are taken up, {@code null} for their starts
	 */
	TestMerge run(@Nullable Map<String, Checkpoint.Input> from) {
		this.deliveries.clear();
		this.steps.clear();
		this.frozen.clear();
		this.counters.clear();
		this.streams.forEach((stream) -> this.counters.put(stream.name(), new NodeCounters()));
		Run run = new Run(from);
		try (MergeJoin merge = run.merge) {
			merge.open();
			merge.run(run);
			run.deliverWindow();
			merge.finish();
			run.note();
		}
		return this;
	}

	/**
	 * What comes out of the join by its definition.
	 */
	List<String> expected() {
		List<String> expected = new ArrayList<>();
		List<Row> window = new ArrayList<>();
		for (Row row : this.streams.get(0).rows()) {
			boolean same = this.windowKey >= 0 && !window.isEmpty()
					&& window.get(0).keys()[this.windowKey] == row.keys()[this.windowKey];
			if (!window.isEmpty() && !same) {
				expected.add(show(window, 0));
				window.clear();
			}
			if (isComplete(row, 0)) {
				window.add(row);
			}
		}
		if (!window.isEmpty()) {
			expected.add(show(window, 0));
		}
		return expected;
	}

	private List<Integer> children(int parent) {
		List<Integer> children = new ArrayList<>();
		for (int i = 0; i < this.streams.size(); i++) {
			if (this.streams.get(i).parent() == parent) {
				children.add(i);
			}
		}
		return children;
	}

	private List<Row> matches(Row row, int child) {
		Stream stream = this.streams.get(child);
		if (!(stream.kind() instanceof JoinKind.Equal)) {
			return near(row, stream, child);
		}
		List<Row> matches = stream.rows()
			.stream()
			.filter((match) -> match.keys()[0] == row.keys()[stream.leftKey()] && isComplete(match, child))
			.toList();
		return (stream.take() == JoinNode.Take.FIRST) ? matches.stream().limit(1).toList() : matches;
	}

	/**
	 * The matches of an as-of or within edge.
	 */
	private List<Row> near(Row row, Stream stream, int child) {
		int left = row.keys()[stream.leftKey()];
		List<Row> near = stream.rows()
			.stream()
			.filter((match) -> stream.kind().by() == null || by(match) == by(row))
			.filter((match) -> isComplete(match, child))
			.toList();
		if (stream.kind() instanceof JoinKind.Within within) {
			return near.stream()
				.filter((match) -> left - span(within.before()) <= match.keys()[0]
						&& match.keys()[0] <= left + span(within.after()))
				.toList();
		}
		JoinKind.AsOf kind = (JoinKind.AsOf) stream.kind();
		Row found = null;
		for (Row match : near) {
			int distance = match.keys()[0] - left;
			if ((distance > 0 && kind.direction() == JoinKind.Direction.BACKWARD)
					|| (distance < 0 && kind.direction() == JoinKind.Direction.FORWARD)
					|| (distance == 0 && !kind.exact()) || Math.abs(distance) > span(kind.tolerance())) {
				continue;
			}
			int best = (found != null) ? Math.abs(found.keys()[0] - left) : Integer.MAX_VALUE;
			// of equal keys the last before, the first behind
			boolean before = distance < 0 || (distance == 0 && kind.direction() != JoinKind.Direction.FORWARD);
			boolean again = found != null && found.keys()[0] == match.keys()[0];
			if (Math.abs(distance) < best || (before && again)) {
				found = match;
			}
		}
		return (found != null) ? List.of(found) : List.of();
	}

	private static int span(@Nullable KeySpan span) {
		return (span != null && span.number() != null) ? span.number().intValue() : 1_000;
	}

	static int by(Row row) {
		return row.keys()[1] % 2;
	}

	private boolean isComplete(Row row, int stream) {
		return children(stream).stream()
			.noneMatch((child) -> !this.streams.get(child).optional() && matches(row, child).isEmpty());
	}

	private String show(List<Row> rows, int stream) {
		StringBuilder shown = new StringBuilder();
		for (Row row : rows) {
			shown.append(row.name());
			children(stream).forEach((child) -> shown.append('(').append(show(matches(row, child), child)).append(')'));
		}
		return shown.toString();
	}

	private String show(Matches matches, int stream) {
		StringBuilder shown = new StringBuilder();
		for (int i = 0; i < matches.size(); i++) {
			shown.append(((Row) matches.get(i)).name());
			List<Integer> children = children(stream);
			for (int edge = 0; edge < children.size(); edge++) {
				shown.append('(').append(show(matches.below(i, edge), children.get(edge))).append(')');
			}
		}
		return shown.toString();
	}

	List<String> frozen() {
		return this.frozen.stream().map((matches) -> show(matches, 0)).toList();
	}

	/**
	 * What was read of a stream and is neither in a delivery that succeeded nor skipped.
	 */
	long unaccounted(String name) {
		Set<String> delivered = new HashSet<>();
		for (int i = 0; i < this.deliveries.size(); i++) {
			if (!this.failing.test(i)) {
				for (String row : this.deliveries.get(i).split("[()]+|(?<=\\d)(?=[a-z])")) {
					delivered.add(row);
				}
			}
		}
		delivered.removeIf((row) -> !row.startsWith(name));
		NodeCounters counted = counter(name);
		long skipped = 0;
		for (SkipReason reason : SkipReason.values()) {
			skipped += counted.skipped(reason).get();
		}
		return counted.read().get() - skipped - delivered.size();
	}

	/**
	 * The streams that, at some step, were to be taken up before where they were to be at
	 * an earlier one.
	 */
	Set<String> goesBack() {
		Set<String> back = new HashSet<>();
		for (int i = 1; i < this.steps.size(); i++) {
			Map<String, Checkpoint.Input> before = this.steps.get(i - 1).positions();
			this.steps.get(i).positions().forEach((stream, input) -> {
				if (offset(input) < offset(before.get(stream))) {
					back.add(stream);
				}
			});
		}
		return back;
	}

	private static long offset(Checkpoint.@Nullable Input input) {
		return (input == null || input.position().equals(Position.empty())) ? 0 : input.position().number("at");
	}

	private Map<String, StreamAccount> accounts() {
		Map<String, StreamAccount> accounts = new LinkedHashMap<>();
		this.counters.forEach((stream, counted) -> accounts.put(stream, new StreamAccount(counted)));
		return accounts;
	}

	NodeCounters counter(String name) {
		NodeCounters counted = this.counters.getOrDefault(name, new NodeCounters());
		counted.publish();
		return counted;
	}

	List<String> names() {
		return this.streams.stream().map(Stream::name).toList();
	}

	/**
	 * An element.
	 *
	 * @param name its name
	 * @param keys its keys; by the first one it is joined to its parent
	 */
	record Row(String name, int[] keys) {

	}

	/**
	 * A moment at which positions may be asked for.
	 *
	 * @param delivered how many deliveries came before it
	 * @param positions the positions
	 */
	record Step(int delivered, Map<String, Checkpoint.Input> positions) {

	}

	private record Stream(String name, int parent, int leftKey, JoinNode.Take take, List<Row> rows, JoinKind kind,
			boolean optional) {

	}

	private final class Run implements MatchConsumer.OfAll, Waiting {

		private final MergeJoin merge;

		private final boolean windowed;

		private final HeldMatches group;

		private final @Nullable HeldWindow window;

		private @Nullable Object openKey;

		Run(@Nullable Map<String, Checkpoint.Input> from) {
			this.windowed = TestMerge.this.windowKey >= 0;
			this.merge = new MergeJoin(tree(), new LaneId("mill", 0),
					(from != null) ? new Checkpoint(from, Map.of(), false) : null, accounts(), this.windowed, this);
			this.window = this.windowed ? this.merge.windows().newWindow() : null;
			this.group = (this.window != null) ? this.window : this.merge.newSingle();
		}

		void note() {
			TestMerge.this.steps.add(new Step(TestMerge.this.deliveries.size(), this.merge.positions().get()));
		}

		void deliverWindow() {
			if (this.windowed && !this.group.isEmpty()) {
				deliver();
			}
		}

		private void deliver() {
			note();
			List<String> shown = TestMerge.this.deliveries;
			boolean fails = TestMerge.this.failing.test(shown.size());
			shown.add(show(this.group, 0));
			TestMerge.this.frozen.add(this.group.frozen());
			if (fails) {
				this.merge.failed(this.group, false);
			}
			else if (this.window != null) {
				this.merge.windows().delivered(this.window);
			}
			if (this.window != null) {
				this.merge.windows().release(this.window);
				note();
			}
		}

		@Override
		public boolean arrived() {
			note();
			if (this.windowed && !this.group.isEmpty() && !this.merge.windowKey().equals(this.openKey)) {
				deliver();
			}
			return true;
		}

		@Override
		public boolean matched() {
			if (this.window == null) {
				deliver();
				return true;
			}
			note();
			if (this.group.isEmpty()) {
				this.openKey = this.merge.windowKey();
				this.merge.windows().open(this.window);
			}
			this.merge.windows().hold();
			return true;
		}

		@Override
		public void beforePage(boolean consumed) {
			note();
		}

		@Override
		public void nothingMatches() {
			throw new IllegalStateException("No stream is waited for");
		}

		@Override
		public Duration idle(Awaited awaited) {
			throw new IllegalStateException("No stream is waited for");
		}

		@Override
		public void goesOn() {
		}

		@Override
		public void timedOut() {
			throw new IllegalStateException("No stream is waited for");
		}

		@Override
		public boolean countsAsAll(Duration silent) {
			return false;
		}

		@Override
		public void silent(boolean master) {
		}

		@Override
		public boolean countsAsOver(Duration silent) {
			return false;
		}

		@Override
		public void unavailable(String stream, BrokerUnavailableException problem, int attempt) {
			throw problem;
		}

		@Override
		public void available(String stream) {
			throw new IllegalStateException("No stream was away");
		}

		@Override
		public void interrupted() {
			throw new IllegalStateException("Nobody interrupts");
		}

		@Override
		public void deadLetter(String stream, Rejected element) {
		}

		@Override
		public void rejected(String stream, Rejected element) {
			throw new IllegalStateException("Nothing is rejected");
		}

	}

}

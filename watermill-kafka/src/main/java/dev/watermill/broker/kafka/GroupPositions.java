package dev.watermill.broker.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.LaneId;
import dev.watermill.stream.Position;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The positions of a lane in the consumer groups of its nodes. The offset of a node is
 * the offset of its group; what is more to its position stands in the metadata of the
 * offset, and what is no topic's in that of the first node, which is the master's if it
 * reads a topic. Used by one thread.
 */
final class GroupPositions {

	private final KafkaConnection connection;

	private final CommitScope scope;

	/** The topics that are read, by their streams. */
	private final Map<String, KafkaTopic> topics;

	/** The group of each node, at the first partition that is read. */
	private final List<CommitGroup> groups = new ArrayList<>();

	/** How many partitions merged topics have, once that was asked. */
	private final Map<String, Integer> counts;

	private final CommittedOffsets offsets;

	private final LongPositions longPositions;

	/**
	 * Create positions.
	 * @param home where a lane that reads no topic keeps its positions, {@code null} if
	 * there is no such place
	 */
	GroupPositions(KafkaConnection connection, CommitScope scope, @Nullable KafkaTopic home) {
		this(connection, scope, home, new HashMap<>());
	}

	/**
	 * Create positions.
	 * @param counts how many partitions merged topics have, as far as it is known
	 */
	GroupPositions(KafkaConnection connection, CommitScope scope, @Nullable KafkaTopic home,
			Map<String, Integer> counts) {
		this.counts = counts;
		this.connection = connection;
		this.scope = scope;
		this.topics = scope.inputs(connection.topics());
		this.offsets = new CommittedOffsets(connection);
		this.longPositions = new LongPositions(home != null);
		LaneId lane = scope.lane();
		this.topics.forEach((stream, topic) -> this.groups
			.add(new CommitGroup(stream, connection.group(lane, topic), topic.read(lane), topic.clientSettings())));
		if (this.groups.isEmpty() && home != null) {
			this.groups.add(new CommitGroup(null, connection.group(lane), home.written(lane), home.clientSettings()));
		}
	}

	/**
	 * The names of the groups, for people.
	 */
	List<String> names() {
		return this.groups.stream().map(CommitGroup::name).toList();
	}

	/**
	 * The groups at all partitions that are read: of a merged topic those that there are
	 * now.
	 * @throws BrokerUnavailableException if they can be expected to be known later
	 */
	private List<CommitGroup> allGroups() {
		return this.groups.stream().flatMap((group) -> all(group).stream()).toList();
	}

	private List<CommitGroup> all(CommitGroup group) {
		KafkaTopic merged = merged(group);
		return (merged != null) ? partitions(merged).stream().map(group::at).toList() : List.of(group);
	}

	/**
	 * The partitions that are merged now.
	 */
	private List<TopicPartition> partitions(KafkaTopic merged) {
		List<TopicPartition> partitions = new ArrayList<>();
		for (KafkaTopic topic : merged.each()) {
			if (topic.use() != TopicUse.MERGED) {
				partitions.add(topic.read(this.scope.lane()));
				continue;
			}
			int count = this.counts.computeIfAbsent(topic.name(),
					(name) -> new TopicAdmin(this.connection).partitions(topic));
			for (int i = 0; i < count; i++) {
				partitions.add(new TopicPartition(topic.name(), i));
			}
		}
		return partitions;
	}

	/**
	 * Return the topic of a group if what is read of it is merged.
	 */
	private @Nullable KafkaTopic merged(CommitGroup group) {
		KafkaTopic topic = (group.stream() != null) ? this.topics.get(group.stream()) : null;
		return (topic != null && topic.isMerged()) ? topic : null;
	}

	/**
	 * Check that all topics are there that offsets are to be committed of: a client would
	 * wait for them, and say no name.
	 */
	void requireTopics() {
		TopicAdmin admin = new TopicAdmin(this.connection);
		this.topics.values()
			.stream()
			.flatMap((topic) -> topic.each().stream())
			.forEach((topic) -> admin.requireReadable(topic, this.scope.lane()));
	}

	/**
	 * Read what is committed.
	 */
	Committed read() {
		return committed(this.offsets.read(allGroups()), this.offsets::read);
	}

	/**
	 * Add the positions that were deleted with their topics, as far as they are known.
	 */
	Committed complete(Committed found, LastCommit known) {
		Checkpoint completed = known.complete(found.checkpoint(), this.groups.get(0).stream(), this::isMadeAnew);
		return new Committed(completed, found.session(), found.reset(), found.origin());
	}

	private boolean isMadeAnew(String stream, Position position) {
		KafkaTopic topic = this.topics.get(stream);
		String before = position.text(KafkaPosition.TOPIC);
		return topic != null && before != null
				&& !before.equals(new TopicAdmin(this.connection).requireReadable(topic, this.scope.lane()));
	}

	/**
	 * Read what lanes have committed, of all at once, without waiting for transactions
	 * that are open.
	 * @return what was found, without lanes that have committed nothing
	 */
	static Map<LaneId, Checkpoint> peek(KafkaConnection connection, Collection<GroupPositions> lanes) {
		CommittedOffsets offsets = new CommittedOffsets(connection);
		Map<CommitGroup, OffsetAndMetadata> all = offsets
			.peek(lanes.stream().flatMap((lane) -> lane.allGroups().stream()).toList());
		Map<LaneId, Checkpoint> checkpoints = new LinkedHashMap<>();
		for (GroupPositions lane : lanes) {
			Map<CommitGroup, OffsetAndMetadata> own = new LinkedHashMap<>();
			lane.allGroups().stream().filter(all::containsKey).forEach((group) -> own.put(group, all.get(group)));
			Checkpoint found = lane.committed(own, offsets::peek).checkpoint();
			if (found != null) {
				checkpoints.put(lane.scope.lane(), found);
			}
		}
		return checkpoints;
	}

	/**
	 * Return what was committed.
	 * @param committed what was committed to the groups
	 * @param others reads what was committed to further ones
	 */
	private Committed committed(Map<CommitGroup, OffsetAndMetadata> committed,
			Function<List<CommitGroup>, Map<CommitGroup, OffsetAndMetadata>> others) {
		Map<String, Checkpoint.Input> inputs = new LinkedHashMap<>();
		Map<KafkaTopic, Map<TopicPartition, Checkpoint.Input>> parts = new LinkedHashMap<>();
		Set<String> elsewhere = new LinkedHashSet<>();
		String leftFor = null;
		boolean reset = false;
		PositionText.Rest rest = null;
		for (Map.Entry<CommitGroup, OffsetAndMetadata> each : committed.entrySet()) {
			CommitGroup group = each.getKey();
			OffsetAndMetadata found = unpack(group, each.getValue(), others);
			PositionText text = PositionText.parse(found.metadata());
			KafkaTopic merged = merged(group);
			if (Objects.equals(group.stream(), this.groups.get(0).stream()) && text.rest() != null) {
				rest = text.rest();
			}
			switch (text.kind()) {
				case POSITION -> {
					if (merged != null) {
						parts.computeIfAbsent(merged, (topic) -> new LinkedHashMap<>())
							.put(group.partition(), text.input(found));
					}
					else {
						inputs.put((group.stream() != null) ? group.stream() : "", text.input(found));
					}
				}
				case LAG -> elsewhere.add(text.place());
				case LEFT -> {
					leftFor = text.place();
				}
				case RESET -> {
					reset = true;
				}
				case BEGUN -> {
				}
			}
		}
		parts.forEach((topic, found) -> inputs.put(topic.stream(),
				new MergedPositions(topic, this.scope.lane()).join(partitions(topic), found)));
		String session = (rest != null) ? rest.session() : null;
		boolean none = inputs.isEmpty() && !(reset && rest != null && !rest.outputs().isEmpty());
		inputs.remove("");
		elsewhere.remove("");
		return new Committed(none ? null : checkpoint(inputs, reset, rest), session, reset,
				new CommitLog.Origin((session != null && (!none || reset)) ? session : "",
						(rest != null) ? rest.reachedIn() : "", leftFor, elsewhere));
	}

	/**
	 * Whether any group has a position, as of before a transaction that is open.
	 */
	boolean isAnyThere() {
		return this.offsets.peek(allGroups())
			.values()
			.stream()
			.anyMatch((found) -> PositionText.parse(found.metadata()).isPosition());
	}

	/**
	 * Whether any lane of the mill has a position in the groups that lanes share.
	 */
	boolean isAnyLaneThere() {
		return this.groups.stream()
			.flatMap((group) -> this.offsets.peekAll(group).values().stream())
			.anyMatch((found) -> PositionText.parse(found.metadata()).isPosition());
	}

	/**
	 * Read who committed last, as far as it is known, without waiting for a transaction
	 * that is open.
	 */
	@Nullable String session() {
		return this.offsets.peek(all(this.groups.get(0)))
			.values()
			.stream()
			.flatMap((found) -> Stream.ofNullable(PositionText.parse(found.metadata()).rest()))
			.findFirst()
			.map(PositionText.Rest::session)
			.orElse(null);
	}

	private OffsetAndMetadata unpack(CommitGroup group, OffsetAndMetadata found,
			Function<List<CommitGroup>, Map<CommitGroup, OffsetAndMetadata>> others) {
		try {
			return this.longPositions.unpack(group, found, others);
		}
		catch (BrokerUnavailableException ex) {
			throw ex;
		}
		catch (BrokerException ex) {
			throw new BrokerException("The position in the consumer group '" + group.name() + "' can't be read: "
					+ ex.getMessage() + ". Reset the mill to start from the beginning.", ex);
		}
	}

	private Checkpoint checkpoint(Map<String, Checkpoint.Input> inputs, boolean reset,
			PositionText.@Nullable Rest rest) {
		Map<String, Checkpoint.Input> all = new LinkedHashMap<>(inputs);
		Map<String, Position> outputs = new LinkedHashMap<>();
		if (rest != null) {
			if (!reset) {
				all.putAll(rest.inputs());
			}
			outputs.putAll(rest.outputs());
		}
		// what is behind the commit of a topic was never there, so it has no length
		this.scope.outputs(this.connection.topics())
			.keySet()
			.forEach((stream) -> outputs.put(stream, Position.empty()));
		return (rest != null) ? new Checkpoint(all, outputs, rest.completed(), rest.run(), rest.lanes())
				: new Checkpoint(all, outputs, false);
	}

	/**
	 * What is to be committed, in the order of the groups.
	 */
	Map<CommitGroup, OffsetAndMetadata> toCommit(Checkpoint checkpoint) {
		return toCommit(checkpoint, this.scope.session());
	}

	private Map<CommitGroup, OffsetAndMetadata> toCommit(Checkpoint checkpoint, String reachedIn) {
		Map<String, Checkpoint.Input> others = new LinkedHashMap<>(checkpoint.inputs());
		this.groups.forEach((group) -> others.remove(group.stream()));
		Map<String, Position> lengths = new LinkedHashMap<>(checkpoint.outputs());
		lengths.values().removeIf(Position.empty()::equals);
		PositionText.Rest rest = new PositionText.Rest(this.scope.session(), reachedIn, checkpoint.completed(),
				checkpoint.run(), checkpoint.lanes(), others, lengths);
		if (checkpoint.inputs().isEmpty()) {
			return this.longPositions.pack(all(PositionText.Kind.RESET, "", rest));
		}
		Map<CommitGroup, OffsetAndMetadata> offsets = new LinkedHashMap<>();
		for (CommitGroup group : this.groups) {
			Checkpoint.Input input = checkpoint.inputs().get(group.stream());
			PositionText.Rest own = (group == this.groups.get(0)) ? rest : null;
			KafkaTopic merged = merged(group);
			if (input == null || merged == null) {
				offsets.put(group, offset(input, PositionText.of(input, own)));
				continue;
			}
			for (Map.Entry<TopicPartition, Checkpoint.Input> part : new MergedPositions(merged, this.scope.lane())
				.split(input)
				.entrySet()) {
				offsets.put(group.at(part.getKey()), offset(part.getValue(), PositionText.of(part.getValue(), own)));
				own = null;
			}
		}
		return this.longPositions.pack(offsets);
	}

	private static OffsetAndMetadata offset(Checkpoint.@Nullable Input input, PositionText text) {
		if (input == null) {
			return new OffsetAndMetadata(0, text.toString());
		}
		Position position = input.position();
		Optional<Integer> epoch = position.has(KafkaPosition.EPOCH)
				? Optional.of((int) position.number(KafkaPosition.EPOCH)) : Optional.empty();
		return new OffsetAndMetadata(position.number(KafkaPosition.OFFSET), epoch, text.toString());
	}

	/**
	 * What is to be committed to say who goes on from what was read.
	 */
	Map<CommitGroup, OffsetAndMetadata> toRepeat(Committed committed) {
		Checkpoint checkpoint = committed.checkpoint();
		return (checkpoint != null) ? toCommit(checkpoint, committed.origin().reachedIn())
				: committed.reset() ? toForget() : toBegin();
	}

	/**
	 * What is to be committed to forget everything.
	 */
	Map<CommitGroup, OffsetAndMetadata> toForget() {
		return toCommit(new Checkpoint(Map.of(), Map.of(), false));
	}

	/**
	 * What is to be committed to say who is about to begin.
	 */
	Map<CommitGroup, OffsetAndMetadata> toBegin() {
		return all(PositionText.Kind.BEGUN, "", nothing());
	}

	/**
	 * What is to be committed once the positions are kept elsewhere.
	 */
	Map<CommitGroup, OffsetAndMetadata> toLeave(String place) {
		return all(PositionText.Kind.LEFT, place, nothing());
	}

	private PositionText.Rest nothing() {
		return new PositionText.Rest(this.scope.session(), this.scope.session(), false, 1, 0, Map.of(), Map.of());
	}

	private Map<CommitGroup, OffsetAndMetadata> all(PositionText.Kind kind, String place, PositionText.Rest rest) {
		Map<CommitGroup, OffsetAndMetadata> offsets = new LinkedHashMap<>();
		allGroups().forEach((group) -> {
			PositionText text = PositionText.of(kind, place, group.equals(this.groups.get(0)) ? rest : null);
			offsets.put(group, new OffsetAndMetadata(0, text.toString()));
		});
		return offsets;
	}

	/**
	 * What was found in the groups.
	 *
	 * @param checkpoint the positions, {@code null} if no group has one; if the lane was
	 * reset, without any but those of its files
	 * @param session who committed last, as far as it is known
	 * @param reset whether the lane was reset
	 * @param origin what else is to be known
	 */
	record Committed(@Nullable Checkpoint checkpoint, @Nullable String session, boolean reset,
			CommitLog.Origin origin) {

	}

}

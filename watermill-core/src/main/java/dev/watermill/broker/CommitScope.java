package dev.watermill.broker;

import java.time.Clock;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a lane commits together, and for whom. Immutable.
 *
 * @param lane the lane
 * @param session distinguishes one start of the mill from the next, on any machine;
 * attempts within one start share it
 * @param inputs the streams that are read, by their names, the master first
 * @param outputs the streams that are written, by their names
 * @param startFrom where the user wants the mill to begin if nothing was committed,
 * {@code null} if nothing was said
 * @param member by which membership the lane is held, {@code null} if by none
 * @since 0.1.0
 */
public record CommitScope(LaneId lane, String session, Map<String, StreamSource<?>> inputs,
		Map<String, StreamSink<?>> outputs, @Nullable StartFrom startFrom, Membership.@Nullable Member member) {

	/**
	 * Create a scope.
	 * @param lane the lane
	 * @param session distinguishes one start of the mill from the next
	 * @param inputs the streams that are read, the master first
	 * @param outputs the streams that are written
	 * @param startFrom where to begin if nothing was committed
	 * @param member by which membership the lane is held
	 */
	public CommitScope {
		inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
		outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
	}

	/**
	 * Return what of the inputs takes part in commits.
	 * @param <P> what takes part
	 * @param key of what kind, and in those of which store
	 * @return the participants by the names of their streams, in the order of the streams
	 */
	public <P> Map<String, P> inputs(ParticipantKey<P> key) {
		Map<String, P> participants = new LinkedHashMap<>();
		this.inputs.forEach((stream, source) -> source.participant(key)
			.ifPresent((participant) -> participants.put(stream, participant)));
		return participants;
	}

	/**
	 * Return what of the outputs takes part in commits.
	 * @param <P> what takes part
	 * @param key of what kind, and in those of which store
	 * @return the participants by the names of their streams, in the order of the streams
	 */
	public <P> Map<String, P> outputs(ParticipantKey<P> key) {
		Map<String, P> participants = new LinkedHashMap<>();
		this.outputs.forEach((stream, sink) -> sink.participant(key)
			.ifPresent((participant) -> participants.put(stream, participant)));
		return participants;
	}

	/**
	 * Return the name of another start of a mill. Names compare as the starts followed
	 * each other, as far as the clocks of their machines agree.
	 * @return a name that no other start has
	 */
	public static String newSession() {
		return SessionId.next(Clock.systemUTC());
	}

	/**
	 * Return the scope of a new start of a lane, without any streams.
	 * @param lane the lane
	 * @return the scope
	 */
	public static CommitScope of(LaneId lane) {
		return new CommitScope(lane, newSession(), Map.of(), Map.of(), null, null);
	}

}

package dev.watermill.spring.test;

import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.watermill.broker.DeadLetter;
import dev.watermill.spring.binding.internal.StreamPlacement;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where the streams of a test are: their elements are JSON, as they are everywhere else.
 */
interface TestedStreams extends StreamPlacement {

	/**
	 * Return where a stream is.
	 */
	MemoryPlace placeOf(String stream);

	/**
	 * Return the types of elements, by the names of the streams that mills read.
	 */
	Map<String, Type> read();

	/**
	 * Return the types of results, by the names of the streams that mills write.
	 */
	Map<String, Type> written();

	/**
	 * Forget everything, and begin with what was given.
	 */
	void begin(Given given);

	/**
	 * Forget everything.
	 */
	void clear();

	/**
	 * Return what stands in a stream, of what a mill wrote only what was committed.
	 */
	List<MemoryRecord> records(MemoryPlace place);

	/**
	 * Return what was written to the dead letters of a stream.
	 */
	List<DeadLetter> deadLetters(MemoryPlace place);

	/**
	 * Return the mapper by which elements are read and written.
	 */
	JsonMapper mapper();

	/**
	 * Return what reads the elements of a stream that mills read.
	 */
	default JsonDecoding decoding(String stream) {
		return new JsonDecoding(mapper(), stream, Objects.requireNonNull(read().get(stream)));
	}

}

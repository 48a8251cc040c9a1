package dev.watermill.spring.properties;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Settings of one stream.
 *
 * @since 0.1.0
 */
public class StreamProperties {

	/**
	 * File of JSON the stream lives in: an array if the name ends with .json, an element
	 * a line if it ends with .jsonl or .ndjson. With .gz behind it the file is
	 * compressed.
	 */
	private @Nullable String file;

	/**
	 * Name of the Broker bean that serves the stream.
	 */
	private @Nullable String broker;

	/**
	 * Kafka topic the stream lives in. Not supported yet.
	 */
	private @Nullable String topic;

	/**
	 * Settings for the broker that serves the stream.
	 */
	private final Map<String, String> properties = new LinkedHashMap<>();

	/**
	 * Name of an ElementDecoder bean that reads elements.
	 */
	private @Nullable String deserializer;

	/**
	 * Name of an ElementEncoder bean that writes results.
	 */
	private @Nullable String serializer;

	/**
	 * Whether to replace an existing file of lines that no checkpoint names.
	 */
	private boolean overwrite;

	/**
	 * What happens with an element that can not be read or has no valid key.
	 */
	private ErrorHandling onInvalid = ErrorHandling.FAIL;

	/**
	 * What happens with an element whose key is less than one before it.
	 */
	private ErrorHandling onDisorder = ErrorHandling.FAIL;

	/**
	 * Where bad elements go. Not supported yet.
	 */
	private @Nullable DeadLetterProperties deadLetter;

	/**
	 * Expression for the key of the records of results. Not supported yet.
	 */
	private @Nullable String key;

	/**
	 * Whether to drop everything up to the first mark of a topic. Not supported yet.
	 */
	private boolean alignSegments;

	public @Nullable String getFile() {
		return this.file;
	}

	public void setFile(@Nullable String file) {
		this.file = file;
	}

	public @Nullable String getBroker() {
		return this.broker;
	}

	public void setBroker(@Nullable String broker) {
		this.broker = broker;
	}

	public @Nullable String getTopic() {
		return this.topic;
	}

	public void setTopic(@Nullable String topic) {
		this.topic = topic;
	}

	public Map<String, String> getProperties() {
		return this.properties;
	}

	public @Nullable String getDeserializer() {
		return this.deserializer;
	}

	public void setDeserializer(@Nullable String deserializer) {
		this.deserializer = deserializer;
	}

	public @Nullable String getSerializer() {
		return this.serializer;
	}

	public void setSerializer(@Nullable String serializer) {
		this.serializer = serializer;
	}

	public boolean isOverwrite() {
		return this.overwrite;
	}

	public void setOverwrite(boolean overwrite) {
		this.overwrite = overwrite;
	}

	public ErrorHandling getOnInvalid() {
		return this.onInvalid;
	}

	public void setOnInvalid(ErrorHandling onInvalid) {
		this.onInvalid = onInvalid;
	}

	public ErrorHandling getOnDisorder() {
		return this.onDisorder;
	}

	public void setOnDisorder(ErrorHandling onDisorder) {
		this.onDisorder = onDisorder;
	}

	public @Nullable DeadLetterProperties getDeadLetter() {
		return this.deadLetter;
	}

	public void setDeadLetter(@Nullable DeadLetterProperties deadLetter) {
		this.deadLetter = deadLetter;
	}

	public @Nullable String getKey() {
		return this.key;
	}

	public void setKey(@Nullable String key) {
		this.key = key;
	}

	public boolean isAlignSegments() {
		return this.alignSegments;
	}

	public void setAlignSegments(boolean alignSegments) {
		this.alignSegments = alignSegments;
	}

}

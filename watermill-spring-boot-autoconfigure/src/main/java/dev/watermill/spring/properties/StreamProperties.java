package dev.watermill.spring.properties;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.util.StringUtils;

/**
 * Settings of one stream. A text that is left empty is not set.
 *
 * @since 0.1.0
 */
@ConfigurationPropertiesSource
public class StreamProperties {

	/**
	 * File of JSON the stream lives in: an array if the name ends with .json, an element
	 * a line if it ends with .jsonl or .ndjson. With .gz behind it the file is
	 * compressed. What is read may also be named by a resource location, as in
	 * classpath:reference.json.
	 */
	private @Nullable String file;

	/**
	 * How elements stand in the file that is read, where its name does not say so; or
	 * that what is read, a file or a topic, holds dead letters.
	 */
	private @Nullable FileLayout format;

	/**
	 * Where in an object the array of elements is, in the file that is read: the names of
	 * the fields that lead to it, with dots between them, or a JSON pointer.
	 */
	private @Nullable String at;

	/**
	 * Name of the Broker bean that serves the stream.
	 */
	private @Nullable String broker;

	/**
	 * Kafka topic the stream lives in, in the cluster of spring.kafka.
	 */
	private @Nullable String topic;

	/**
	 * Kafka topics of elements of one type, which are read as one stream, in the order of
	 * the key that the mill has of it; also patterns for their names, with * for any
	 * characters and ? for one.
	 */
	private List<String> topics = new ArrayList<>();

	/**
	 * Settings for the broker that serves the stream: of a topic those of its Kafka
	 * clients, which go before spring.kafka.
	 */
	private final Map<String, String> properties = new LinkedHashMap<>();

	/**
	 * What reads elements instead of Jackson: the name of an ElementDecoder bean; for a
	 * topic also of a Kafka Deserializer bean, or a Kafka Deserializer's class.
	 */
	private @Nullable String deserializer;

	/**
	 * What writes results instead of Jackson: the name of an ElementEncoder bean; for a
	 * topic also of a Kafka Serializer bean, or a Kafka Serializer's class.
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
	 * What happens with a record without a value, a tombstone. Defaults to on-invalid.
	 */
	private @Nullable ErrorHandling onTombstone;

	/**
	 * What happens with an element whose key is less than one before it.
	 */
	private ErrorHandling onDisorder = ErrorHandling.FAIL;

	/**
	 * Where elements go for which on-invalid, on-tombstone or on-disorder is dead-letter,
	 * and those of failed deliveries if the stream is the master of a mill whose on-error
	 * is. Of a topic by default the topic with -dlt behind its name.
	 */
	@NestedConfigurationProperty
	private @Nullable DeadLetterProperties deadLetter;

	/**
	 * How far ahead of those before the key of an element may be. One that is farther
	 * ahead is invalid if the next one goes back.
	 */
	private @Nullable MaxStepProperties maxStep;

	/**
	 * How elements that are not quite in order are brought into it.
	 */
	private @Nullable ReorderProperties reorder;

	/**
	 * How many elements may wait to be brought into order.
	 */
	private int maxReorderSize = 100_000;

	/**
	 * Expression over a result for the key of its record.
	 */
	private @Nullable String key;

	/**
	 * Whether a topic that carries one batch after another goes on behind its next mark,
	 * if it had not come to it when the mill completed.
	 */
	private boolean alignSegments;

	/**
	 * What happens where records of the topic are gone that were to be read: deleted by
	 * their age, lost with the end of the log, or with a topic that was made anew.
	 */
	private DataLossHandling onDataLoss = DataLossHandling.FAIL;

	/**
	 * How the end of an output is written to its topic; by default as a value where
	 * results are JSON, else as a header.
	 */
	private @Nullable EndMark endMark;

	/**
	 * Whether the partitions of the topic, or the files of a pattern, are read as one
	 * stream, in the order of the key that the mill has of it. Then its count of
	 * partitions need not be that of other topics.
	 */
	private boolean merge;

	/**
	 * Whether each lane reads the topic as a whole. It has one partition then, whatever
	 * other topics have.
	 */
	private boolean broadcast;

	/**
	 * Which partition of the topic a result goes to.
	 */
	private PartitionBy partitionBy = PartitionBy.LANE;

	public @Nullable String getFile() {
		return this.file;
	}

	public void setFile(@Nullable String file) {
		this.file = StringUtils.hasText(file) ? file : null;
	}

	public @Nullable FileLayout getFormat() {
		return this.format;
	}

	public void setFormat(@Nullable FileLayout format) {
		this.format = format;
	}

	public @Nullable String getAt() {
		return this.at;
	}

	public void setAt(@Nullable String at) {
		this.at = at;
	}

	public @Nullable String getBroker() {
		return this.broker;
	}

	public void setBroker(@Nullable String broker) {
		this.broker = StringUtils.hasText(broker) ? broker : null;
	}

	public List<String> getTopics() {
		return this.topics;
	}

	public void setTopics(List<String> topics) {
		this.topics = topics;
	}

	public @Nullable String getTopic() {
		return this.topic;
	}

	public void setTopic(@Nullable String topic) {
		this.topic = StringUtils.hasText(topic) ? topic : null;
	}

	public Map<String, String> getProperties() {
		return this.properties;
	}

	public @Nullable String getDeserializer() {
		return this.deserializer;
	}

	public void setDeserializer(@Nullable String deserializer) {
		this.deserializer = StringUtils.hasText(deserializer) ? deserializer : null;
	}

	public @Nullable String getSerializer() {
		return this.serializer;
	}

	public void setSerializer(@Nullable String serializer) {
		this.serializer = StringUtils.hasText(serializer) ? serializer : null;
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

	public @Nullable ErrorHandling getOnTombstone() {
		return this.onTombstone;
	}

	public void setOnTombstone(@Nullable ErrorHandling onTombstone) {
		this.onTombstone = onTombstone;
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

	public @Nullable MaxStepProperties getMaxStep() {
		return this.maxStep;
	}

	public void setMaxStep(@Nullable MaxStepProperties maxStep) {
		this.maxStep = maxStep;
	}

	public @Nullable ReorderProperties getReorder() {
		return this.reorder;
	}

	public void setReorder(@Nullable ReorderProperties reorder) {
		this.reorder = reorder;
	}

	public int getMaxReorderSize() {
		return this.maxReorderSize;
	}

	public void setMaxReorderSize(int maxReorderSize) {
		this.maxReorderSize = maxReorderSize;
	}

	public @Nullable String getKey() {
		return this.key;
	}

	public void setKey(@Nullable String key) {
		this.key = StringUtils.hasText(key) ? key : null;
	}

	public @Nullable EndMark getEndMark() {
		return this.endMark;
	}

	public void setEndMark(@Nullable EndMark endMark) {
		this.endMark = endMark;
	}

	public boolean isAlignSegments() {
		return this.alignSegments;
	}

	public void setAlignSegments(boolean alignSegments) {
		this.alignSegments = alignSegments;
	}

	public DataLossHandling getOnDataLoss() {
		return this.onDataLoss;
	}

	public void setOnDataLoss(DataLossHandling onDataLoss) {
		this.onDataLoss = onDataLoss;
	}

	public boolean isMerge() {
		return this.merge;
	}

	public void setMerge(boolean merge) {
		this.merge = merge;
	}

	public boolean isBroadcast() {
		return this.broadcast;
	}

	public void setBroadcast(boolean broadcast) {
		this.broadcast = broadcast;
	}

	public PartitionBy getPartitionBy() {
		return this.partitionBy;
	}

	public void setPartitionBy(PartitionBy partitionBy) {
		this.partitionBy = partitionBy;
	}

}

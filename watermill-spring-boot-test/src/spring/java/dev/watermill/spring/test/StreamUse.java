package dev.watermill.spring.test;

import dev.watermill.spring.properties.StreamProperties;
import org.jspecify.annotations.Nullable;

/**
 * What the lanes of a mill read of a stream that has several partitions.
 */
enum StreamUse {

	/** Each its partition. */
	PARTITIONED,

	/** All of them, as one stream in order. */
	MERGED,

	/** The one partition that there is. */
	WHOLE;

	static StreamUse of(@Nullable StreamProperties settings) {
		if (settings == null) {
			return PARTITIONED;
		}
		return settings.isMerge() ? MERGED
				: (settings.isBroadcast() || settings.getFile() != null) ? WHOLE : PARTITIONED;
	}

}

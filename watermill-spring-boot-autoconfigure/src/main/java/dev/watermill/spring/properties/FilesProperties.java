package dev.watermill.spring.properties;

import org.springframework.util.unit.DataSize;

/**
 * Settings of files of JSON.
 *
 * @since 0.1.0
 */
public class FilesProperties {

	/**
	 * Whether every commit waits until the disk has what was written, so that it outlives
	 * a loss of power and not only a crash of the process.
	 */
	private boolean fsync;

	/**
	 * Size of one element at most. A longer one is invalid.
	 */
	private DataSize maxElementSize = DataSize.ofMegabytes(16);

	public boolean isFsync() {
		return this.fsync;
	}

	public void setFsync(boolean fsync) {
		this.fsync = fsync;
	}

	public DataSize getMaxElementSize() {
		return this.maxElementSize;
	}

	public void setMaxElementSize(DataSize maxElementSize) {
		this.maxElementSize = maxElementSize;
	}

}

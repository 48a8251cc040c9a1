package dev.watermill.demo.robots;

/**
 * How fast a robot went.
 *
 * @param time from when on, in seconds
 * @param speed in metres a second
 * @param tooFast whether that is beyond the limit
 */
record RobotSpeed(long time, double speed, boolean tooFast) {

}

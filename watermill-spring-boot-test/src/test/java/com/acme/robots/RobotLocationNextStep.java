package com.acme.robots;

record RobotLocationNextStep(long time, double x, double y) {

}
